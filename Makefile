# onehot: a neural network by hand, and the policy gradient through it. `make help` lists what there is.

BUILD     ?= build
AUTO_DEPS ?= 1
# The instructions of this machine, where the compiler knows how to ask for them.
native    := $(if $(CXXFLAGS),,$(shell $(CXX) -march=native -E -x c++ /dev/null >/dev/null 2>&1 && echo -march=native))
CXXFLAGS  ?= -O3 $(native)
WARNINGS  ?= -Wall -Wextra -Wpedantic -Wconversion -Wshadow $(if $(findstring clang,$(CXX)),-Wno-pass-failed)
# None of these changes a result; the first makes it the same on every machine.
flags      = -std=c++20 -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd -I. -MMD -MP $(CPPFLAGS) $(CXXFLAGS)
libraries  = $(if $(findstring FMT_HEADER_ONLY,$(CPPFLAGS)),,-lfmt) -pthread $(LDLIBS)
MAKEFLAGS += --no-print-directory $(if $(filter 0,$(MAKELEVEL)),-j$(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2))
.DEFAULT_GOAL := help
.SECONDARY .SECONDEXPANSION:

# Folders. What holds no Scalar is built once; the rest in float to train, and in double to be exact.
plain    := nn/io rl/app rl/terminal rl/diagnose
library  := nn nn/arithmetic envs rl rl/sampling rl/training rl/watch
fast     := $(addprefix float/,nn nn/arithmetic envs rl rl/sampling tests/bench) double/nn double/nn/arithmetic plain/rl/diagnose
precise  := tests tests/nn tests/nn/arithmetic tests/envs tests/rl tests/rl/sampling
tests    := $(precise) tests/nn/io tests/rl/oracle tests/rl/diagnose tests/rl/app tests/rl/watch tests/docs
sources   = $(wildcard $(1:%=%/*.cpp))
objects   = $(patsubst %.cpp,$(BUILD)/$(1)/%.o,$(call sources,$(2)))
programs := $(basename $(notdir $(wildcard rl/run/run_*.cpp docs/programs/run_*.cpp))) diagnose oracle plot
chapters := $(patsubst ch0%,ch%,$(basename $(notdir $(wildcard docs/programs/ch[0-9]*.cpp))))
deps      = BUILD='$(BUILD)' CXX='$(CXX)' CPPFLAGS='$(filter -D% -I%,$(CPPFLAGS))' LDFLAGS='$(LDFLAGS)' LDLIBS='$(libraries)' AUTO_DEPS='$(AUTO_DEPS)' sh tests/deps.sh
scripts   = BUILD='$(BUILD)' MAKE='$(MAKE)' CXX='$(CXX)' CXXFLAGS='$(CXXFLAGS)' sh

help: ## what there is
	@$(scripts) tests/make/help.sh '$(runs)' '$(chapters) $(others)'
run = trap : INT; $(1) || sh tests/make/end.sh $$? $$PPID
run-%: $$(BUILD)/bin/run_$$(subst -,_,$$*)$(if $(value RANKS),_mpi) ## runs a program: make run-cartpole ARGS="--seed 3"; RANKS=4 as processes over MPI
	@$(call run,$(if $(value RANKS),sh tests/mpi/run.sh )$< $(ARGS))
watch-%: $$(BUILD)/bin/run_$$(subst -,_,$$*) rl/run/run_$$(subst -,_,$$*).cpp ## shows the last policy at work, or trains one first
	@[ -f build/runs/$(subst _,-,$*)/policy.safetensors ] || { echo "make: nothing to watch yet: training first" >&2; $(call run,$<); }
	@$(call run,$< --evaluate build/runs/$(subst _,-,$*) --watch $(ARGS))
$(chapters): ch%: $(BUILD)/bin/book ; @$< $*
test: built $(BUILD)/float/test ## proves every claim of the docs, in double and in float
	+@TEST_OBJECTS='$(test_objects)' COMPILE='$(CXX) $(flags) $(WARNINGS) -DSCALAR=double -O0 $(checked) -include $(BUILD)/std.hpp' LINK='$(CXX) $(flags) $(LDFLAGS)' LDLIBS='$(libraries)' \
	  $(scripts) tests/run.sh $(BUILD)/double/test $(BUILD)/float/test docs/check.sh tests/mutants/quick.sh tests/exercises/test.sh tests/make/test.sh tests/mpi/test.sh docs/playground/test.sh
quick: $(BUILD)/double/test ## while you edit: the tests of nn, envs and rl, in seconds
	+@TEST_ARGS='-sfe=*diagnose*,*tests/rl/app*,*tests/rl/watch*,*test_textbook*' $(scripts) tests/run.sh $<
programs: $(programs:%=$(BUILD)/bin/%) $(BUILD)/bin/book ## builds every program
built: programs $(BUILD)/double/test
exercises: ## the exercises in order, up to the first not done
exercise: ## judges one, and names the mistake: make exercise N=07
hint: ## a hint for it, and then a second one: make hint N=07
solution: ## one way to write it, after an attempt: make solution N=07
exercises exercise hint solution:
	+@$(scripts) tests/exercises/exercises.sh $@ || [ $$? -eq 1 ] # 1: not right yet, and it has said so
diagnose: $(BUILD)/bin/diagnose ## names the mistake in your numbers: FILE=my.csv, NET=folder
	@$< $(ARGS) $${FILE:+"$$FILE"} $${NET:+"$$NET"}
plot: $(BUILD)/bin/plot ## draws the learning curve of every run in build/runs, or of RUNS="cartpole acrobot"
	@$(deps) plot; $< $$RUNS $(ARGS)
compare: $(BUILD)/bin/plot ## draws several runs in one picture: RUNS="cartpole other"
	@$(deps) plot; $< $$RUNS --output build/runs/compare.svg $(ARGS)
oracle: $(BUILD)/bin/oracle ; @$< ## which estimators of the policy gradient are right, by adding up every episode
mutants: $(BUILD)/double/test $(BUILD)/bin/run_cartpole ## every classic mistake, planted in the code: which check catches it
	+@$(scripts) tests/mutants/mutants.sh $(ARGS)
docs: ## the book as one static site, build/docs/index.html, and as one EPUB
	@$(deps) docs && . tests/alive.sh && : $${ALIVE_EVERY:=10} && alive echo "writing the pages, then the EPUB" && \
	  { sh docs/site/site.sh $(BUILD)/docs; s=$$?; alive_end; exit $$s; }
check: | $(BUILD)/deps.ok ## the slow checks: both compilers, sanitizers, analysis
	+@$(deps) check && { [ -n "$$CHECK_SHORT" ] || { $(deps) web && $(deps) docs && $(deps) mpi; }; } && $(scripts) tests/check.sh
clean: ; @[ ! -d $(BUILD) ] || find $(BUILD) -mindepth 1 -maxdepth 1 ! -name runs -exec rm -rf {} + ## removes what was built; runs stay
deps: ; @$(deps) && touch $(BUILD)/deps.ok ## installs what is missing, and nothing else

# Programs. The oracle is built in double, for it is about what is exact; so are the book and its textbook program.
link = @mkdir -p $(@D) && $(CXX) $(flags) $(LDFLAGS) -o $@ $^ $(libraries)
float_library  = $(call objects,float,$(library)) $(call objects,plain,nn/io rl/app rl/terminal)
double_library = $(call objects,double,$(library) rl/oracle) $(call objects,plain,$(plain))
test_objects   = $(call objects,double,$(tests)) $(double_library)
$(BUILD)/bin/run_%: $(BUILD)/float/rl/run/run_%.o $(BUILD)/float/rl/run/program.o $(BUILD)/float/rl/run/train_seeds.o $(BUILD)/float/rl/run/one_rank.o $$(float_library) ; $(link)
$(BUILD)/bin/run_question $(BUILD)/bin/run_theorem $(BUILD)/bin/run_tokens: $(BUILD)/bin/run_%: $(BUILD)/float/docs/programs/run_%.o $$(call objects,float,docs/programs/$$*) $$(float_library) ; $(link)
$(BUILD)/bin/diagnose $(BUILD)/bin/plot: $(BUILD)/bin/%: $(BUILD)/plain/rl/run/%.o $(BUILD)/plain/rl/run/learner_files.o $$(call objects,plain,$$(plain)) ; $(link)
$(BUILD)/bin/oracle $(BUILD)/bin/run_textbook: $(BUILD)/bin/%: $(BUILD)/double/$$(basename $$(wildcard rl/run/$$*.cpp docs/programs/$$*.cpp)).o $$(double_library) ; $(link)
$(BUILD)/bin/book: $$(filter-out %/run_question.o %/run_theorem.o %/run_tokens.o %/run_textbook.o,$$(call objects,double,docs/programs)) $$(double_library) ; $(link)
$(BUILD)/double/test: $$(test_objects) ; $(link)
$(BUILD)/float/test: $$(call objects,float,$(precise) $(library) rl/oracle) $$(call objects,plain,$$(plain)) ; $(link)

# Objects. Where training and the tests spend their time the compiler does its best; elsewhere it had better be quick.
checked = -D_GLIBCXX_ASSERTIONS# an index beyond the end of a vector, a span or a string ends the program
slow    = -O0 $(checked) -include $(BUILD)/$(if $(filter $(tests:%=%/),$(dir $<)),doctest,std).hpp
level   = $(if $(filter $(fast:%=$(BUILD)/%/),$(dir $@)),-include $(BUILD)/fast.hpp,$(slow))
$(BUILD)/plain/nn/io/number.o: level = -include $(BUILD)/fast.hpp # every number of a file goes through it
compile = @mkdir -p $(@D) && echo '  c++ $<' >&2 && $(CXX) $(flags) $(WARNINGS)
ready  := $(BUILD)/flags | $(BUILD)/deps.ok $(BUILD)/fast.hpp.gch $(BUILD)/std.hpp.gch
$(call objects,double,$(tests)) $(call objects,float,$(precise)): | $(BUILD)/doctest.hpp.gch
$(BUILD)/float/%.o: %.cpp $(ready) ; $(compile) -DSCALAR=float $(level) -c -o $@ $<
$(BUILD)/double/%.o: %.cpp $(ready) ; $(compile) -DSCALAR=double $(checked) $(level) -c -o $@ $<
$(BUILD)/plain/%.o: %.cpp $(ready) ; $(compile) $(level)$(if $(filter rl/diagnose/%,$<), $(patsubst -O3,-O1,$(filter -O3,$(CXXFLAGS)))) -c -o $@ $<
$(BUILD)/%.hpp.gch: tests/%.hpp $(BUILD)/flags | $(BUILD)/deps.ok
	@cp $< $(BUILD)/$*.hpp && $(CXX) $(flags) $(WARNINGS) $(if $(filter fast,$*),,-O0 $(checked)) -x c++-header -o $@ $<
$(BUILD)/flags: always # another compiler, or other flags, and everything is built anew
	@mkdir -p $(@D) && echo '$(CXX) $(flags) $(checked) $(LDFLAGS)' | cmp -s - $@ || echo '$(CXX) $(flags) $(checked) $(LDFLAGS)' > $@
$(BUILD)/deps.ok: ; @$(deps) && touch $@
include tests/bench/rules.mk tests/exercises/rules.mk tests/fuzz/rules.mk tests/make/rules.mk tests/mpi/rules.mk docs/playground/rules.mk
$(BUILD)/%.d: ;
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: always help test quick programs built exercises exercise hint solution diagnose plot compare oracle mutants bench bench-peers docs check clean deps $(chapters)
