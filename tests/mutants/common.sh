# What mutants.sh and quick.sh share. Sourced from the root of the sources, with BUILD set; BUILD/double/test and
# BUILD/bin/run_cartpole are built.

# shellcheck shell=sh disable=SC2034,SC3045  # used by those two; every sh at hand has ulimit -t
: "${MAKE:=make}" "${CXX:=g++}"
work=$BUILD/mutants
root=$PWD
export GOLDEN="${GOLDEN:-$root/tests/golden}"

# The checks, and which tests they are: filters of the test program in double. What none of the first four names is an
# assertion: a single fact about data, shapes, signs or bookkeeping. The proofs of formulas (test_formulas_*) stay out:
# they prove the text, from gradients and facts that the others check already. So do the tests of the programs and of
# diagnose: they are about what is said to a user, and need programs that a mutant's folder does not have.
others='*test_oracle*,*test_formulas*,*test_program*,*test_plot*,*test_resume*,*test_watch*,*test_faults*,*test_torch*,*test_diagnose*,*test_textbook*,*app/test_pong*'
checks='gradient golden oracle probes assertions'
filter() {
  case $1 in
    gradient)   echo "-tc=*difference* -sfe=$others" ;;
    golden)     echo '-sf=*test_golden_*' ;;
    oracle)     echo '-sf=*test_oracle*' ;;
    probes)     echo '-sf=*test_probes*' ;;
    assertions) echo "-tce=*difference* -sfe=*test_probes*,*test_golden*,$others" ;;
  esac
}

# field NAME MUTANT: the line "NAME: ..." of a mutant.
field() { sed -n "/^--- before/q; s/^$1: //p" "$2"; }

# A folder with the sources, and with what is built of them: a mutant rebuilds only what it touches.
copy_base() {
  rm -rf "$1"
  mkdir -p "$1/build/bin"
  cp -Rp nn rl envs tests Makefile "$1/"
  for rules in docs/*/rules.mk; do mkdir -p "$1/${rules%/*}" && cp -p "$rules" "$1/$rules"; done
  for kind in double float plain; do [ ! -d "$BUILD/$kind" ] || cp -Rp "$BUILD/$kind" "$1/build/"; done
  [ ! -f "$BUILD/bin/run_cartpole" ] || cp -p "$BUILD/bin/run_cartpole" "$1/build/bin/"
  cp -p "$BUILD"/*.hpp "$1/build/"
  for header in "$BUILD"/*.hpp.gch; do ln "$header" "$1/build/" 2>/dev/null || cp -p "$header" "$1/build/"; done
  cp -p "$BUILD/flags" "$1/build/"
  touch "$1/build/deps.ok"
  find "$1/build" -name '*.d' -exec sh -c 'for d; do sed "s|^$BUILD/|build/|" "$d" > "$d.new" && mv "$d.new" "$d"; done' sh {} +
}

# plain_make TARGET..., with the compiler and the flags of $BUILD, which are in the environment: with others everything would be
# built anew. build FOLDER TARGET... does so in a copy, with a log.
plain_make() { MAKEFLAGS="" MAKELEVEL=1 $MAKE WARNINGS="-Wpedantic -w" AUTO_DEPS=0 "$@"; }
build() {
  folder=$1; shift
  ( cd "$folder" && plain_make BUILD=build "$@" ) > "$folder.log" 2>&1
}

# survives FOLDER CHECK: its tests pass. One that takes 20 seconds of the processor is stopped and has failed.
survives() {
  ( set -f; cd "$1" || exit 2
    ulimit -t 20 2>/dev/null
    # shellcheck disable=SC2046  # several words
    exec build/double/test -nc $(filter "$2") ) > "$1.tests.log" 2>&1
}
