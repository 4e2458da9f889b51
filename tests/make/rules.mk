# Chapters whose numbers come from a program with a name of its own.
others := ch0 ch11 ch12 ch13
ch0: run-question
ch11: run-theorem
ch12: ; @echo 'chapter 12 is what make mutants finds out, and takes long; make mutants ARGS=NAME plants one mistake, in seconds'
ch13: ; @echo 'chapter 13 is about your own numbers: make diagnose FILE=my.csv'
.PHONY: $(others)
# What a reader may mistype: a variable on the command line, which make would not look at, and a target.
settings := ARGS AUTO_DEPS BUILD CPPFLAGS CXX CXXFLAGS FILE HINT KATEX LDFLAGS LDLIBS N NET RANKS RUNS WARNINGS
hidden   := ALIVE_EVERY CHECK_SHORT DIAGNOSE_CASES DIAGNOSE_SEED FEW_CASES GOLDEN KILLS MAKEFLAGS NO_COLOR PROPERTY_CASES SHELL \
            TEST_ARGS
quoted    = '$(subst ','\'',$1)'
given    := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v))
mistyped := $(if $(filter 0,$(MAKELEVEL)),$(filter-out $(settings) $(hidden),$(given)))
$(foreach v,$(filter FILE NET RUNS N HINT RANKS,$(given)),$(eval override $v := $$(value $v))$(eval export $v)) # data, not code
$(if $(mistyped),$(shell SETTINGS='$(settings)' GOALS=$(call quoted,$(MAKECMDGOALS)) sh tests/make/unknown.sh variables $(foreach v,$(mistyped),$(call quoted,$v=$(value $v))) >&2))
runs      = $(subst _,-,$(filter run_%,$(programs)))
watched   = $(subst _,-,$(patsubst rl/run/run_%.cpp,watch-%,$(wildcard rl/run/run_*.cpp)))
.DEFAULT: ; $(error $(shell sh tests/make/unknown.sh target $(call quoted,$@) $(runs) $(watched) $(chapters) $(others)))
ifeq ($(filter diagnose,$(MAKECMDGOALS))$(FILE)$(NET)$(ARGS),diagnose)
  $(error diagnose: expected one file or folder, got nothing: make diagnose FILE=my.csv)
endif
