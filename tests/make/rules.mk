# What a reader may mistype: a variable on the command line, which make would not look at, and a target.
settings := ARGS AUTO_DEPS BUILD CPPFLAGS CXX CXXFLAGS FILE HINT KATEX LDFLAGS LDLIBS N NET RUNS WARNINGS
hidden   := ALIVE_EVERY CHECK_SHORT DIAGNOSE_CASES DIAGNOSE_SEED FEW_CASES GOLDEN KILLS MAKEFLAGS NO_COLOR PROPERTY_CASES SHELL \
            TEST_ARGS
quoted    = '$(subst ','\'',$1)'
given    := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v))
mistyped := $(if $(filter 0,$(MAKELEVEL)),$(filter-out $(settings) $(hidden),$(given)))
$(foreach v,$(filter FILE NET RUNS N HINT,$(given)),$(eval override $v := $$(value $v))$(eval export $v)) # data, not code
$(if $(mistyped),$(shell SETTINGS='$(settings)' sh tests/make/unknown.sh variables $(foreach v,$(mistyped),$(call quoted,$v=$(value $v))) >&2))
runs      = $(subst _,-,$(filter run_%,$(programs)))
watched   = $(subst _,-,$(patsubst rl/run/run_%.cpp,watch-%,$(wildcard rl/run/run_*.cpp)))
.DEFAULT: ; $(error $(shell sh tests/make/unknown.sh target $(call quoted,$@) $(runs) $(watched) $(chapters)))
