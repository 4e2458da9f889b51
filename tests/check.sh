#!/bin/sh
# The slow checks, called by `make check`. Ends with one line: N passed, N failed, N skipped.
# Every variant has a build folder of its own under $BUILD/check.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
work=$BUILD/check
mkdir -p "$work"
passed=0 failed=0

# check NAME COMMAND...: runs it, shows what it said only when it fails.
check() {
  name=$1; shift
  if "$@" > "$work/log" 2>&1; then
    passed=$((passed + 1)); echo "passed: $name"
  else
    failed=$((failed + 1)); echo "FAILED: $name"; tail -n 40 "$work/log"
  fi
}
sources() { find nn envs rl tests docs/programs -name '*.cpp' -o -name '*.hpp' | grep -v /exercises/ | sort; }

formatted() { sources | xargs clang-format --dry-run -Werror; }
check "the sources are formatted" formatted

alone() {  # every header includes what it uses
  sources | grep 'hpp$' | xargs -P 2 -I {} sh -c 'echo "#include \"{}\"" | g++ -std=c++20 -I. -DSCALAR=double -fopenmp-simd -fsyntax-only -x c++ -'
}
check "every header compiles on its own" alone

properties() {
  $MAKE "$BUILD/double/test" && PROPERTY_CASES=1000 "$BUILD/double/test" -nc -sf='*test_properties*' | tee "$work/properties.log" &&
    ! grep -q 'test cases: *0 ' "$work/properties.log"
}
check "the gradients of 1,000 random networks are those of central differences" properties
grep -h 'worst relative' "$work/properties.log"

# The same training, from four builds: compilers, optimisation levels and instruction sets must not show in the weights.
variant() {  # variant NAME COMPILER FLAGS
  $MAKE BUILD="$work/$1" CXX="$2" CXXFLAGS="$3 -Werror" "$work/$1/bin/run_cartpole" &&
    "$work/$1/bin/run_cartpole" --seed 7 --quiet --output "$work/run-$1"
}
check "g++ -O0 builds and trains" variant gcc-O0 g++ -O0
check "g++ -O3 -march=native builds without a warning and trains" variant gcc-native g++ "-O3 -march=native"
check "g++ -O2 without native instructions builds and trains" variant gcc-O2 g++ -O2
check "clang++ -O2 builds without a warning and trains" variant clang-O2 clang++ -O2
for name in gcc-native gcc-O2 clang-O2; do
  check "the weights of $name are those of gcc-O0, byte for byte" cmp "$work/run-gcc-O0/policy.safetensors" "$work/run-$name/policy.safetensors"
done

sanitized() {
  $MAKE BUILD="$work/sanitized" CXX=clang++ \
    CXXFLAGS="-O1 -g -Werror -fsanitize=address,undefined,float-divide-by-zero -fno-sanitize-recover=all -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS" \
    "$work/sanitized/double/test" "$work/sanitized/bin/run_cartpole" "$work/sanitized/bin/run_question" "$work/sanitized/bin/run_theorem" && BUILD="$work/sanitized" sh tests/run.sh "$work/sanitized/double/test"
}
check "the tests pass under the address and undefined-behaviour sanitizers" sanitized

covered() {  # lines of nn, rl and envs that the tests run; the counting itself writes files, and no full disk suits it
  $MAKE BUILD="$work/coverage" CXX=g++ CXXFLAGS="-O0 --coverage" LDFLAGS=--coverage \
    "$work/coverage/double/test" "$work/coverage/bin/run_cartpole" "$work/coverage/bin/run_question" "$work/coverage/bin/run_theorem" "$work/coverage/bin/oracle" "$work/coverage/bin/book" &&
    find "$work/coverage" -name '*.gcda' -delete &&
    BUILD="$work/coverage" TEST_ARGS='-tce=*disk*fills*' sh tests/run.sh "$work/coverage/double/test" docs/check.sh && "$work/coverage/bin/oracle" > /dev/null &&
    gcovr -r . -f 'nn/' -f 'rl/' -f 'envs/' --object-directory "$work/coverage" --fail-under-line 98 "$work/coverage" | tee "$work/coverage.txt"
}
check "the tests run at least 98 % of the lines of nn, rl and envs" covered
[ ! -f "$work/coverage.txt" ] || grep TOTAL "$work/coverage.txt"

tidy() { find nn envs rl -name '*.cpp' | sort | xargs -P 2 -I {} clang-tidy --quiet {} -- -std=c++20 -I. -fopenmp-simd; }
check "clang-tidy finds nothing" tidy

check "a fixed training and the 64-64-64 kernels need no more instructions than noted, within 5 %" sh tests/bench/instructions.sh

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
