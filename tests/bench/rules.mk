# The benchmarks. A peer is built as is best for it: fused multiply-adds, and OpenBLAS, which has no tanh, twice.
bench: $(BUILD)/bench/bench $(BUILD)/bench/fixed $(BUILD)/bin/run_cartpole ## how fast: every kernel and training loop (ARGS=--json, ARGS=--benchmark_filter=network)
	+@$(scripts) tests/bench/bench.sh $(ARGS)
bench-peers: $(BUILD)/bench/fixed | $(BUILD)/deps.ok ## the same work by PyTorch, NumPy, OpenBLAS and Eigen, in the same run (ARGS=pong: Pong alone)
	@$(deps) peers && $(if $(filter pong,$(ARGS)),:,$(MAKE) $(BUILD)/bench/peers peers="$$(cat $(BUILD)/peers.found | xargs)")
	+@$(scripts) tests/bench/peers.sh $(ARGS)
timed = $(filter-out %/main.o %/fixed.o %/peak.o,$(call objects,float,tests/bench)) $(BUILD)/bench/peak_separate.o \
        $(BUILD)/bench/peak_fused.o $(float_library)
peer_objects = $(patsubst %,$(BUILD)/bench/%.o,$(filter eigen openblas,$(peers)) $(if $(filter openblas,$(peers)),openblas_std))
$(BUILD)/bench/bench: $(BUILD)/float/tests/bench/main.o $$(timed)
	$(link) -lbenchmark
$(BUILD)/bench/fixed: $(BUILD)/float/tests/bench/fixed.o $$(float_library)
	$(link)
$(BUILD)/bench/peers: $(BUILD)/float/tests/bench/peers/main.o $$(timed) $(peer_objects) $(BUILD)/peers.found
	@$(CXX) $(flags) $(LDFLAGS) -o $@ $(filter %.o,$^) $(libraries) -lbenchmark $(if $(filter openblas,$(peers)),-lopenblas)
for_peers = $(compile) -DNDEBUG -ffp-contract=fast $(if $(findstring clang,$(CXX)),,-Wno-maybe-uninitialized)
$(BUILD)/bench/peak_separate.o $(BUILD)/bench/peak_fused.o: $(BUILD)/bench/peak_%.o: tests/bench/peak.cpp $(BUILD)/flags | $(BUILD)/deps.ok
	$(compile) -DPEAK=peak_$* $(if $(findstring fused,$*),-ffp-contract=fast) -c -o $@ $<
$(BUILD)/bench/openblas.o: tests/bench/peers/openblas.cpp $(BUILD)/flags | $(BUILD)/deps.ok
	$(for_peers) -ffast-math -c -o $@ $<
$(BUILD)/bench/openblas_std.o: tests/bench/peers/openblas.cpp $(BUILD)/flags | $(BUILD)/deps.ok
	$(for_peers) -c -o $@ $<
$(BUILD)/bench/%.o: tests/bench/peers/%.cpp $(BUILD)/flags | $(BUILD)/deps.ok
	$(for_peers) -c -o $@ $<
$(call objects,float,tests/bench tests/bench/peers): | $(BUILD)/bench.ok
$(BUILD)/bench.ok: | $(BUILD)/deps.ok
	@$(deps) bench && touch $@
