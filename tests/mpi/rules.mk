# make run-cartpole RANKS=4: the run programs over MPI. They are linked with another source behind rl/sampling/ranks.hpp, and Open MPI
# is installed when the first of them is built (`mpi` of tests/deps.sh).
mpi = $(addprefix $(1),$(shell mpicc --showme:$(2)))
$(BUILD)/mpi.ok: ; @$(deps) mpi && touch $@
$(BUILD)/float/rl/run/mpi_ranks.o: rl/run/mpi_ranks.cpp $(ready) $(BUILD)/mpi.ok
	$(compile) $(call mpi,-isystem ,incdirs) -DOMPI_SKIP_MPICXX -DSCALAR=float $(slow) -c -o $@ $<
$(BUILD)/bin/run_%_mpi: $(BUILD)/float/rl/run/run_%.o $(BUILD)/float/rl/run/program.o $(BUILD)/float/rl/run/train_seeds.o $(BUILD)/float/rl/run/mpi_ranks.o $$(float_library)
	$(link) $(call mpi,-L,libdirs) $(call mpi,-l,libs)
$(BUILD)/float/tests/mpi/exchange.o: level = -include $(BUILD)/fast.hpp
$(BUILD)/bench/exchange: $(BUILD)/float/tests/mpi/exchange.o $(BUILD)/float/rl/run/mpi_ranks.o $$(float_library)
	$(link) $(call mpi,-L,libdirs) $(call mpi,-l,libs)
bench-ranks: $(BUILD)/bench/exchange $(BUILD)/bin/run_cartpole $(BUILD)/bin/run_pong $(BUILD)/bin/run_cartpole_mpi ## how fast on 1, 2 and 4 processes over MPI: an exchange, and a training
	@BUILD='$(BUILD)' sh tests/mpi/bench.sh
.PHONY: bench-ranks
$(patsubst docs/programs/%.cpp,$(BUILD)/bin/%_mpi,$(wildcard docs/programs/run_*.cpp)):
	@echo 'make: RANKS: expected a program that trains, got $(@F:_mpi=)' >&2; exit 2
