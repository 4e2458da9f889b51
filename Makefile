# onehot: a neural network by hand, and the policy gradient through it. `make help` lists what there is.

BUILD    ?= build
AUTO_DEPS ?= 1
CXXFLAGS ?= -O3 $(native)
WARNINGS  = -Wall -Wextra -Wpedantic -Wconversion -Wshadow $(if $(findstring clang,$(CXX)),-Wno-pass-failed)
# None of these changes a result; the first makes it the same on every machine.
override CXXFLAGS += -std=c++20 -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd $(WARNINGS)
override CPPFLAGS += -I. -MMD -MP
override LDLIBS   += -lfmt
# The instructions of this machine, where the compiler knows how to ask for them; asked once, when first needed.
native = $(eval native := $$(shell $$(CXX) -march=native -E -x c++ /dev/null >/dev/null 2>&1 && echo -march=native))$(native)
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
endif
.DEFAULT_GOAL := help
.SECONDARY:
.PHONY: help deps test diagnose oracle mutants check clean exercises

# Every program is rl/run_NAME.cpp; the rest of nn, envs and rl is what they share. What holds no Scalar is built once.
# Two more: the oracle is built in double, for it is about what is exact; diagnose reads other people's numbers.
programs := $(filter-out run_folder,$(patsubst rl/%.cpp,%,$(wildcard rl/run_*.cpp)))
plain    := nn/file nn/safetensors nn/random rl/options rl/report rl/run_folder rl/terminal \
            $(filter-out rl/diagnose_program,$(patsubst %.cpp,%,$(wildcard rl/diagnose*.cpp)))
library  := $(filter-out $(plain) rl/oracle_table rl/diagnose_program $(addprefix rl/,$(programs)),$(patsubst %.cpp,%,$(wildcard nn/*.cpp envs/*.cpp rl/*.cpp)))
once     := tests/main tests/test_program
tests    := $(filter-out $(once),$(patsubst %.cpp,%,$(wildcard tests/*.cpp)))
deps      = BUILD='$(BUILD)' CXX='$(CXX)' CPPFLAGS='$(filter -D% -I%,$(CPPFLAGS))' LDFLAGS='$(LDFLAGS)' LDLIBS='$(LDLIBS)' AUTO_DEPS='$(AUTO_DEPS)' sh tests/deps.sh
objects   = $(addprefix $(BUILD)/$(1)/,$(addsuffix .o,$(2)))
compile   = @mkdir -p $(@D) && echo '  c++ $<' >&2 && $(CXX) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
link      = @mkdir -p $(@D) && $(CXX) $(CXXFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

help: ## what there is
	@sed -n 's/^\([a-z%-]*\):[^#]*##/  make \1 \t/p' $(MAKEFILE_LIST) | expand -t 24
	@echo "  programs: $(patsubst run_%,run-%,$(programs))"
	@echo "  settings: BUILD=$(BUILD) CXX=$(CXX) CXXFLAGS=..., AUTO_DEPS=0 to install nothing"
rl/run_%.cpp:
	@echo "make: there is no program run-$*; there are: $(patsubst run_%,run-%,$(programs))" >&2; exit 2

run-%: $(BUILD)/bin/run_% ## runs a program: make run-cartpole ARGS="--seed 3"
	@$< $(ARGS)

test: $(BUILD)/double/test $(BUILD)/float/test $(addprefix $(BUILD)/bin/,$(programs) diagnose) ## proves every claim of the docs, in double and in float
	@BUILD='$(BUILD)' MAKE="$(MAKE)" CXX='$(CXX)' CXXFLAGS='$(CXXFLAGS)' sh tests/run.sh $(BUILD)/double/test $(BUILD)/float/test docs/check.sh tests/mutants/quick.sh

diagnose: $(BUILD)/bin/diagnose ## names the mistake in your own numbers: make diagnose FILE=my.csv, or NET=folder
	@$< $(ARGS) $(if $(FILE),'$(FILE)') $(if $(NET),'$(NET)')

oracle: $(BUILD)/bin/oracle ## which estimators of the policy gradient are right, by adding up every episode
	@$<

mutants: $(BUILD)/double/test $(BUILD)/bin/run_cartpole ## every classic mistake, planted in the code: which check catches it
	@BUILD='$(BUILD)' MAKE="$(MAKE)" CXX='$(CXX)' CXXFLAGS='$(CXXFLAGS)' sh tests/mutants/mutants.sh $(ARGS)

check: | $(BUILD)/deps.ok ## the slow checks: the same bits from both compilers, sanitizers, static analysis
	@$(deps) check
	@BUILD=$(BUILD) MAKE="$(MAKE)" sh tests/check.sh

clean: ## removes what was built
	rm -rf $(BUILD)

deps: ## installs what is missing, and nothing else
	@$(deps) && touch $(BUILD)/deps.ok
$(BUILD)/deps.ok:
	@$(deps) && touch $@

$(BUILD)/bin/%: $(call objects,float,rl/% $(library)) $(call objects,plain,$(plain))
	$(link)
$(BUILD)/bin/diagnose: $(call objects,plain,rl/diagnose_program $(plain))
	$(link)
$(BUILD)/bin/oracle: $(call objects,double,rl/oracle_table $(library)) $(call objects,plain,$(plain))
	$(link)
$(BUILD)/double/test: $(call objects,double,$(tests) $(library)) $(call objects,plain,$(plain) $(once))
	$(link)
$(BUILD)/float/test: $(call objects,float,$(tests) $(library)) $(call objects,plain,$(plain) tests/main)
	$(link)
$(BUILD)/float/%.o: %.cpp | $(BUILD)/deps.ok
	$(compile) -DSCALAR=float
$(BUILD)/double/%.o: %.cpp | $(BUILD)/deps.ok
	$(compile) -DSCALAR=double $(if $(findstring -O3,$(CXXFLAGS)),-O1)
$(BUILD)/plain/%.o: %.cpp | $(BUILD)/deps.ok
	$(compile)
# Big headers and no arithmetic, or tests: quick to compile matters more here than quick to run. (So it does for all
# of double, which is there to be exact; an optimisation level never changes a result.)
tested := $(call objects,plain,$(once)) $(foreach s,float double,$(call objects,$s,$(tests)))
$(call objects,plain,nn/safetensors rl/options) $(tested): override CXXFLAGS := $(filter-out -O%,$(CXXFLAGS)) -O0
$(filter-out %/main.o,$(tested)): private override CPPFLAGS += -include $(BUILD)/outside.hpp
$(filter-out %/main.o,$(tested)): $(BUILD)/outside.hpp.gch
$(BUILD)/outside.hpp.gch: tests/outside.hpp | $(BUILD)/deps.ok
	@cp $< $(@:.gch=) && $(CXX) $(filter-out -O%,$(CXXFLAGS)) -O0 -x c++-header -o $@ $(@:.gch=)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
