# onehot: a neural network by hand, and the policy gradient through it. `make help` lists what there is.

BUILD    ?= build
AUTO_DEPS ?= 1
CXXFLAGS ?= -O3 $(native)
WARNINGS  = -Wall -Wextra -Wpedantic -Wconversion -Wshadow $(if $(findstring clang,$(CXX)),-Wno-pass-failed)
# None of these changes a result; the first makes it the same on every machine.
override CXXFLAGS += -std=c++20 -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd $(WARNINGS)
override CPPFLAGS += -I. -MMD -MP
override LDLIBS   += -lfmt -pthread
# The instructions of this machine, where the compiler knows how to ask for them; asked once, when first needed.
native = $(eval native := $$(shell $$(CXX) -march=native -E -x c++ /dev/null >/dev/null 2>&1 && echo -march=native))$(native)
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
endif
.DEFAULT_GOAL := help
.SECONDARY:
.PHONY: help deps test quick docs built programs exercises exercise hint solution diagnose plot compare oracle mutants bench bench-peers check clean

# Every program is rl/run_NAME.cpp; the rest of nn, envs and rl is what they share. What holds no Scalar is built once.
# Two more: the oracle is built in double, for it is about what is exact; diagnose reads other people's numbers.
programs := $(filter-out run_folder,$(patsubst rl/%.cpp,%,$(wildcard rl/run_*.cpp)))
plain    := nn/file nn/safetensors nn/random rl/animation rl/csv rl/interrupt rl/option_text rl/options rl/plot rl/report \
            rl/run_folder rl/scene rl/show rl/state rl/terminal rl/workers \
            $(filter-out rl/diagnose_program,$(patsubst %.cpp,%,$(wildcard rl/diagnose*.cpp)))
library  := $(filter-out $(plain) rl/oracle_table rl/diagnose_program rl/plot_runs $(addprefix rl/,$(programs)),$(patsubst %.cpp,%,$(wildcard nn/*.cpp envs/*.cpp rl/*.cpp)))
once     := $(addprefix tests/test_,diagnose_files diagnose_pages diagnose_snippets faults plot program program_worlds random resume watch)
judge    := tests/exercises/checks/main
# The book's programs, one for each chapter, and the tests that prove its formulas: in double only, like the oracle.
book     := $(patsubst %.cpp,%,$(wildcard docs/programs/*.cpp))
chapters := $(patsubst ch0%,ch%,$(patsubst docs/programs/%.cpp,%,$(wildcard docs/programs/ch[0-9]*.cpp)))
formulas := $(patsubst %.cpp,%,$(wildcard tests/test_formulas_*.cpp))
apart    := tests/main tests/test_allocations
tests    := $(filter-out $(apart) $(once) $(formulas),$(patsubst %.cpp,%,$(wildcard tests/*.cpp)))
# Sources that are compiled as one: what they include is read, and what they instantiate built, once. That takes half of
# the time, and asks that each keeps to a namespace of its own.
together_algorithms := $(filter $(addprefix tests/test_,algorithms oracle probes properties rollout),$(tests))
together_diagnosis  := $(filter tests/diagnose% tests/test_diagnose%,$(tests))
together_golden     := $(filter tests/golden tests/test_golden% tests/test_worlds,$(tests))
together_theory     := $(filter-out $(together_algorithms) $(together_diagnosis) $(together_golden),$(tests))
together_programs   := $(filter tests/test_program% tests/test_resume tests/test_faults,$(once))
together_files      := $(filter-out $(together_programs),$(once))
together_formulas   := $(formulas)
together_book       := $(book)
deps      = BUILD='$(BUILD)' CXX='$(CXX)' CPPFLAGS='$(filter -D% -I%,$(CPPFLAGS))' LDFLAGS='$(LDFLAGS)' LDLIBS='$(LDLIBS)' AUTO_DEPS='$(AUTO_DEPS)' sh tests/deps.sh
objects   = $(addprefix $(BUILD)/$(1)/,$(addsuffix .o,$(2)))
flags     = $(if $(level),$(filter-out -O%,$(CXXFLAGS)) $(level),$(CXXFLAGS))
compile   = @mkdir -p $(@D) && echo '  c++ $<' >&2 && $(CXX) $(CPPFLAGS) $(flags) $(addprefix -include ,$(first)) -c -o $@ $<
link      = @mkdir -p $(@D) && $(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

help: ## what there is
	@sed -n 's/^\([a-z%-]*\):[^#]*##/  make \1 \t/p' $(MAKEFILE_LIST) | expand -t 24
	@echo "  programs: $(subst _,-,$(programs))"
	@echo "  chapters: $(chapters): make ch4 prints the numbers of docs/04-..."
	@echo "  settings: BUILD=$(BUILD) CXX=$(CXX) CXXFLAGS=..., AUTO_DEPS=0 to install nothing"
rl/run_%.cpp:
	@echo "make: there is no program run-$(subst _,-,$*); there are: $(subst _,-,$(programs))" >&2; exit 2

# run-mountain-car is the program run_mountain_car.
.SECONDEXPANSION:
run-%: $$(BUILD)/bin/run_$$(subst -,_,$$*) ## runs a program: make run-cartpole ARGS="--seed 3"
	@$< $(ARGS)

.PHONY: $(chapters)
$(chapters): ch%: $(BUILD)/bin/book
	@$< $*

test: $(BUILD)/double/test $(BUILD)/float/test $(addprefix $(BUILD)/bin/,$(programs) diagnose plot book) $(call objects,double,$(judge)) ## proves every claim of the docs, in double and in float
	@BUILD='$(BUILD)' MAKE='$(MAKE)' CXX='$(CXX)' CXXFLAGS='$(CXXFLAGS)' COMPILE='$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -DSCALAR=double -O0' \
	  LINK='$(CXX) $(CXXFLAGS) $(LDFLAGS)' LDLIBS='$(LDLIBS)' TEST_OBJECTS='$(test_objects)' \
	  sh tests/run.sh $(BUILD)/double/test $(BUILD)/float/test docs/check.sh tests/mutants/quick.sh tests/exercises/test.sh

# Left out: what needs a program or a while.
quick: $(BUILD)/double/test ## while you edit: the tests of networks, worlds and algorithms in double, in seconds
	@BUILD='$(BUILD)' TEST_ARGS='-sfe=*diagnose*,*program*,*resume*,*watch*,*faults*,*plot*' sh tests/run.sh $<

built: $(BUILD)/double/test $(addprefix $(BUILD)/bin/,$(programs) diagnose oracle plot book)

exercises: ## the exercises in order, up to the first that is not done; then make exercise N=07
	@BUILD='$(BUILD)' MAKE="$(MAKE)" sh tests/exercises/exercises.sh all
exercise: ## judges one, and names the mistake: make exercise N=07
hint: ## a hint for it, and then a second one: make hint N=07
solution: ## one way to write it, after an attempt: make solution N=07
exercise hint solution:
	@BUILD='$(BUILD)' MAKE="$(MAKE)" sh tests/exercises/exercises.sh $@

diagnose: $(BUILD)/bin/diagnose ## names the mistake in your own numbers: make diagnose FILE=my.csv, or NET=folder
	@$< $(ARGS) $(if $(FILE),'$(FILE)') $(if $(NET),'$(NET)')

watch-%: $$(BUILD)/bin/run_$$(subst -,_,$$*) ## shows the policy of the last run at work: make watch-cartpole
	@$< --evaluate build/runs/$(subst _,-,$*) --watch $(ARGS)

plot: $(BUILD)/bin/plot ## draws the learning curve of every run in build/runs, or of RUNS="cartpole acrobot"
	@$(deps) plot
	@$< $(RUNS) $(ARGS)

compare: $(BUILD)/bin/plot ## draws several runs in one picture: make compare RUNS="cartpole build/runs/other"
	@$(deps) plot
	@$< $(RUNS) --output build/runs/compare.svg $(ARGS)

programs: $(addprefix $(BUILD)/bin/,$(programs) diagnose plot) ## builds every program

oracle: $(BUILD)/bin/oracle ## which estimators of the policy gradient are right, by adding up every episode
	@$<

mutants: $(BUILD)/double/test $(BUILD)/bin/run_cartpole ## every classic mistake, planted in the code: which check catches it
	@BUILD='$(BUILD)' MAKE="$(MAKE)" CXX='$(CXX)' CXXFLAGS='$(CXXFLAGS)' sh tests/mutants/mutants.sh $(ARGS)

bench: $(BUILD)/bench/bench $(BUILD)/bench/fixed $(BUILD)/bin/run_cartpole ## how fast: every kernel and training loop (ARGS=--json, ARGS=--benchmark_filter=network)
	@BUILD='$(BUILD)' sh tests/bench/bench.sh $(ARGS)

bench-peers: $(BUILD)/bench/fixed | $(BUILD)/deps.ok ## the same work by PyTorch, NumPy, OpenBLAS and Eigen, in the same run
	@$(deps) peers
	@$(MAKE) $(BUILD)/bench/peers peers="$$(cat $(BUILD)/peers.found | xargs)"
	@BUILD='$(BUILD)' sh tests/bench/peers.sh $(ARGS)

docs: ## the book as one static site: build/docs/index.html
	@$(deps) docs
	@sh docs/site/site.sh $(BUILD)/docs

check: | $(BUILD)/deps.ok ## the slow checks: the same bits from both compilers, sanitizers, static analysis
	@$(deps) check
	@BUILD=$(BUILD) MAKE="$(MAKE)" sh tests/check.sh

clean: ## removes what was built
	rm -rf $(BUILD)

deps: ## installs what is missing, and nothing else
	@$(deps) && touch $(BUILD)/deps.ok
$(BUILD)/deps.ok:
	@$(deps) && touch $@

$(BUILD)/bin/%: $(call objects,float,rl/% $(filter-out rl/oracle rl/estimators,$(library))) $(call objects,plain,$(filter-out rl/diagnose%,$(plain)))
	$(link)
$(BUILD)/bin/diagnose: $(call objects,plain,rl/diagnose_program $(plain))
	$(link)
$(BUILD)/bin/oracle: $(call objects,double,rl/oracle_table $(library)) $(call objects,plain,$(plain))
	$(link)
$(BUILD)/bin/plot: $(call objects,plain,rl/plot_runs $(plain))
	$(link)
$(BUILD)/bin/book: $(call objects,double,together/book $(library)) $(call objects,plain,$(plain))
	$(link)
both         := $(addprefix together/,algorithms diagnosis golden theory) tests/test_allocations
test_objects  = $(call objects,double,$(both) together/formulas $(library)) $(call objects,plain,$(plain) together/programs together/files tests/main)
$(BUILD)/double/test: $(test_objects)
	$(link)
$(BUILD)/float/test: $(call objects,float,$(both) $(library)) $(call objects,plain,$(plain) tests/main)
	$(link)
$(BUILD)/fuzz/%: $(call objects,float,tests/fuzz/% $(library)) $(call objects,plain,$(plain))
	$(link) -fsanitize=fuzzer
$(BUILD)/float/%.o: %.cpp | $(BUILD)/deps.ok
	$(compile) -DSCALAR=float
$(BUILD)/double/%.o: %.cpp | $(BUILD)/deps.ok
	$(compile) -DSCALAR=double
$(BUILD)/plain/%.o: %.cpp | $(BUILD)/deps.ok
	$(compile)
$(BUILD)/float/together/%.o: $(BUILD)/together/%.cpp | $(BUILD)/deps.ok
	$(compile) -DSCALAR=float
$(BUILD)/double/together/%.o: $(BUILD)/together/%.cpp | $(BUILD)/deps.ok
	$(compile) -DSCALAR=double
$(BUILD)/plain/together/%.o: $(BUILD)/together/%.cpp | $(BUILD)/deps.ok
	$(compile)
# Written again when the list has changed.
$(patsubst together_%,$(BUILD)/together/%.cpp,$(filter together_%,$(.VARIABLES))): $(BUILD)/together/%.cpp: list
	@mkdir -p $(@D) && printf '#include "%s.cpp"\n' $(together_$*) > $@.new && { cmp -s $@.new $@ && rm $@.new || mv $@.new $@; }
.PHONY: list
# The benchmarks. A peer is built as is best for it: fused multiply-adds, and OpenBLAS, which has no tanh, twice.
bench := $(filter-out %/main %/fixed %/peak,$(patsubst %.cpp,%,$(wildcard tests/bench/*.cpp)))
bench_objects = $(call objects,float,$(bench) $(library)) $(call objects,plain,$(plain)) $(BUILD)/bench/peak_separate.o $(BUILD)/bench/peak_fused.o
$(BUILD)/bench/bench: $(BUILD)/float/tests/bench/main.o $(bench_objects)
	$(link) -lbenchmark
$(BUILD)/bench/fixed: $(call objects,float,tests/bench/fixed $(library)) $(call objects,plain,$(plain))
	$(link)
peer_objects = $(patsubst %,$(BUILD)/bench/%.o,$(filter eigen openblas,$(peers)) $(if $(filter openblas,$(peers)),openblas_std))
$(BUILD)/bench/peers: $(BUILD)/float/tests/bench/peers/main.o $(bench_objects) $(peer_objects) $(BUILD)/peers.found
	@$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS) -lbenchmark $(if $(filter openblas,$(peers)),-lopenblas)
$(BUILD)/bench/peak_%.o: tests/bench/peak.cpp | $(BUILD)/deps.ok
	$(compile) -DPEAK=peak_$* $(if $(findstring fused,$*),-ffp-contract=fast)
peer_flags = -DNDEBUG -ffp-contract=fast $(if $(findstring clang,$(CXX)),,-Wno-maybe-uninitialized)
$(BUILD)/bench/openblas.o: private peer_flags += -ffast-math
$(BUILD)/bench/%.o: tests/bench/peers/%.cpp | $(BUILD)/deps.ok
	$(compile) $(peer_flags)
$(BUILD)/bench/openblas_std.o: tests/bench/peers/openblas.cpp | $(BUILD)/deps.ok
	$(compile) $(peer_flags)
$(call objects,float,tests/bench/main tests/bench/peers/main $(bench)): | $(BUILD)/bench.ok
$(BUILD)/bench.ok: | $(BUILD)/deps.ok
	@$(deps) bench && touch $@
# For big headers without arithmetic, and for tests, quick to compile matters more than quick to run; and so it does for
# what only reads and writes, for what is there to be exact, and for the programs that nobody times (6 % slower for a
# third less to build). An optimisation level never changes a result.
big   := $(call objects,plain,nn/safetensors rl/options together/programs together/files tests/main) \
         $(call objects,double,together/formulas together/book $(judge)) $(foreach s,float double,$(call objects,$s,$(both)))
exact := $(filter-out $(big),$(call objects,double,$(library)) $(call objects,plain,$(plain) rl/diagnose_program rl/plot_runs) \
         $(call objects,float,$(addprefix rl/,$(filter-out run_cartpole,$(programs)))))
fast  := $(call objects,float,$(library) rl/run_cartpole)
$(big): private level := -O0
# The others first include $(BUILD)/NAME.hpp, headers from outside that are precompiled: a third of the time to build.
define precompiled
$(1): private first := $(BUILD)/$(2).hpp
$(1): private level := $(3)
$(1): $(BUILD)/$(2).hpp.gch
$(BUILD)/$(2).hpp.gch: private level := $(3)
$(BUILD)/$(2).hpp.gch: | $(BUILD)/deps.ok
	@grep -h '^.include <' nn/*.?pp rl/*.?pp envs/*.?pp | sort | uniq -c | awk '$$$$1 > 2 { print $$$$2, $$$$3 }' > $$(@:.gch=) && \
	  $$(CXX) $$(CPPFLAGS) $$(flags) -x c++-header -o $$@ $$(@:.gch=)
endef
$(eval $(call precompiled,$(fast),fast,))
$(eval $(call precompiled,$(exact),exact,$(if $(findstring -O3,$(CXXFLAGS)),-O1)))

# The exercises: sources that tests/exercises/exercises.sh generates, one with all that compile, or one for each.
$(BUILD)/exercises/%.o: override CXXFLAGS := $(filter-out -O%,$(CXXFLAGS)) -O0 -w -Werror=return-type -DSCALAR=double
$(BUILD)/exercises/%.o: $(BUILD)/exercises/%.cpp | $(BUILD)/deps.ok
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $< 2> $(@:.o=.log)
$(BUILD)/exercises/%: $(BUILD)/exercises/%.o $(call objects,double,$(judge))
	@$(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
