#!/bin/sh
# The slow checks, called by `make check`. Ends with one line: N passed, N failed, N skipped.
# Every variant has a build folder of its own under $BUILD/check.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
work=$BUILD/check
. tests/alive.sh
mkdir -p "$work"
passed=0 failed=0 skipped=0

# check NAME COMMAND...: runs it, shows what it said only when it fails.
check() {
  name=$1; shift
  alive echo "$name"
  "$@" > "$work/log" 2>&1
  status=$?
  alive_end
  if [ $status -eq 0 ]; then
    passed=$((passed + 1)); echo "passed: $name"
  else
    failed=$((failed + 1)); echo "FAILED: $name"; tail -n 40 "$work/log"
  fi
}
# long NAME COMMAND...: the same, left out when CHECK_SHORT is set, as a push does that has 25 minutes for everything.
long() {
  if [ -n "${CHECK_SHORT:-}" ]; then skipped=$((skipped + 1)); echo "skipped: $1 (make check does it)"; else check "$@"; fi
}
sources() { find nn envs rl tests docs/programs docs/playground -name '*.cpp' -o -name '*.hpp' | grep -v '/exercises/ex[0-9]' | sort; }  # those are a learner's

formatted() { sources | xargs clang-format --dry-run -Werror; }
check "the sources are formatted" formatted

alone() {  # every header includes what it uses
  sources | grep 'hpp$' | xargs -P 2 -I {} sh -c 'echo "#include \"{}\"" | g++ -std=c++20 -I. -DSCALAR=double -fopenmp-simd -fsyntax-only -x c++ -'
}
long "every header compiles on its own" alone

arrows() { sh docs/house.sh --arrows && sh docs/house.sh --check; }
check "the arrows between folders point downwards, and the picture shows them" arrows
check "the arrows that must not be are told by name" sh tests/docs/house.sh

check "every exercise is open as shipped, its solution passes, and its wrong answers are told by name" sh tests/exercises/prove.sh

properties() {
  $MAKE "$BUILD/double/test" && PROPERTY_CASES=1000 "$BUILD/double/test" -nc -sf='*test_properties*' | tee "$work/properties.log" &&
    ! grep -q 'test cases: *0 ' "$work/properties.log"
}
check "the gradients of 1,000 random networks are those of central differences" properties
grep -h 'worst relative' "$work/properties.log"

random_mutants() { $MAKE "$BUILD/double/test" "$BUILD/float/test" "$BUILD/bin/run_cartpole" && MAKE="$MAKE" sh tests/mutants/mutants.sh --random 1 20; }
long "eight of ten random mutants are noticed" random_mutants
grep -E '^(survived:|random mutants)' "$work/log" | sed 's/^/        /'

# Three builds: the one of make test (the machine's own instructions), one without optimisation that watches itself, and
# one by clang. Neither compiler warns.
programs() { $MAKE BUILD="$work/$1" CXX="$2" CXXFLAGS="$3 -Werror" LDFLAGS="$4" $5; }
watched="-O0 -fsanitize=address,undefined -fno-sanitize-recover=all -D_GLIBCXX_ASSERTIONS" counted=--coverage built=built what=everything
if [ -n "${CHECK_SHORT:-}" ]; then
  counted='' built="$work/watched/double/test $work/watched/bin/run_cartpole $work/watched/bin/diagnose" what='the library and its tests'
fi
check "g++ builds $what without a warning" programs watched g++ "$watched $counted" "$counted" "$built"
fuzz="-O1 -fsanitize=address,undefined,float-divide-by-zero,fuzzer-no-link -fno-sanitize-recover=all"
check "clang++ builds without a warning" programs clang clang++ "$fuzz" "" \
  "$work/clang/bin/run_cartpole $work/clang/fuzz/safetensors $work/clang/fuzz/csv $work/clang/fuzz/options"

fuzzed() {  # fuzzed NAME: 10 seconds of inputs
  mkdir -p "$work/fuzz/$1" && "$work/clang/fuzz/$1" -max_total_time=10 -max_len=4096 -close_fd_mask=3 -print_final_stats=1 \
    -artifact_prefix="$work/fuzz/" "$work/fuzz/$1" "tests/fuzz/corpus/$1" > "$work/fuzz-$1.log" 2>&1 || { tail -n 20 "$work/fuzz-$1.log"; return 1; }
}
for reader in safetensors csv options; do
  check "10 seconds of fuzzing find nothing in the reader of $reader" fuzzed $reader
  sed -n "s/^stat::number_of_executed_units: */        inputs: /p" "$work/fuzz-$reader.log"
done

killed() {  # a training process killed at 200 random moments
  $MAKE "$BUILD/double/test" "$BUILD/bin/run_cartpole" && BUILD="$BUILD" KILLS=200 "$BUILD/double/test" -nc -tc='*killed at random moments*' > "$work/kills.log" 2>&1 && grep MESSAGE "$work/kills.log"
}
check "200 kills leave whole files, and the resumed run ends with the same bytes" killed
sed -n 's/.*MESSAGE: /        /p' "$work/kills.log"

watched_library() {  # what needs no program; two halves, one for each core
  printf '#!/bin/sh\nexec "$BUILD/double/test" -nc -sf="*diagnose*"\n' > "$work/diagnose.sh"
  FEW_CASES=1 BUILD="$work/watched" TEST_ARGS='-sfe=*diagnose*,*tests/rl/app*,*tests/rl/watch*,*test_textbook*' \
    sh tests/run.sh "$work/watched/double/test" "$work/diagnose.sh"
}
watched() {  # the counting of lines writes files, and no full disk suits it; to solve every environment so would take minutes
  find "$work/watched" -name '*.gcda' -delete
  for environment in acrobot bandit corridor mountain_car mountain_car_continuous pendulum; do
    "$work/watched/bin/run_$environment" --quiet --total-timesteps 1 --episodes 1 --output "$work/run-$environment" > /dev/null || return 1
  done
  FEW_CASES=1 BUILD="$work/watched" TEST_ARGS='-tce=*disk*fills*,*may*not*be*written*,*every*program*solves*' sh tests/run.sh "$work/watched/double/test" docs/check.sh &&
    "$work/watched/bin/oracle" > /dev/null
}
[ -z "${CHECK_SHORT:-}" ] || check "the library's tests pass under the address and undefined-behaviour sanitizers" watched_library
long "the tests pass under the address and undefined-behaviour sanitizers" watched
covered() {
  gcovr --gcov-ignore-parse-errors -r . -f 'nn/' -f 'rl/' -f 'envs/' --object-directory "$work/watched" --fail-under-line 98 "$work/watched" > "$work/coverage.txt" 2> "$work/coverage.log"
}
long "the tests run at least 98 % of the lines of nn, rl and envs" covered
[ ! -f "$work/coverage.txt" ] || grep TOTAL "$work/coverage.txt"

# Compilers, optimisation levels and instruction sets must not show in the weights.
trains() { "$2/bin/run_cartpole" --seed 7 --quiet --output "$work/run-$1"; }
check "g++ -O3 with the machine's instructions builds" $MAKE "$BUILD/bin/run_cartpole"
check "g++ -O3 with the machine's instructions trains" trains native "$BUILD"
check "g++ -O0 trains" trains watched "$work/watched"
check "clang++ -O1 trains" trains clang "$work/clang"
for build in watched clang; do
  check "the weights of $build are those of native, byte for byte" cmp "$work/run-native/policy.safetensors" "$work/run-$build/policy.safetensors"
done

# 64-bit ARM, where somebody has its compiler and an emulator; the libraries are headers alone there.
on_arm() {
  arm=$work/arm
  mkdir -p "$arm/include" && touch "$arm/deps.ok" &&
    for library in fmt CLI nlohmann; do ln -sfn "/usr/include/$library" "$arm/include/$library"; done &&
    $MAKE BUILD="$arm" CXX="aarch64-linux-gnu-g++ -isystem $arm/include" CXXFLAGS="-O1 -Werror" CPPFLAGS=-DFMT_HEADER_ONLY LDFLAGS=-static \
      "$arm/bin/run_cartpole" &&
    qemu-aarch64-static "$arm/bin/run_cartpole" --seed 7 --quiet --output "$work/run-arm" &&
    cmp "$work/run-native/policy.safetensors" "$work/run-arm/policy.safetensors"
}
if command -v aarch64-linux-gnu-g++ > /dev/null && command -v qemu-aarch64-static > /dev/null; then
  long "the weights of 64-bit ARM are those of native, byte for byte" on_arm
else
  skipped=$((skipped + 1)); echo "skipped: the weights of 64-bit ARM (g++-aarch64-linux-gnu and qemu-user-static are not installed)"
fi

# The same library on many processes.
many_ranks() { MPI_FULL=1 sh tests/mpi/test.sh > "$work/mpi.log" 2>&1 || { cat "$work/mpi.log"; return 1; }; }
long "over MPI 1, 2 and 4 ranks leave the bits of one, in every environment and by every algorithm, stopped and killed, too" many_ranks
[ ! -f "$work/mpi.log" ] || grep -E '^(skipped|mpi): ' "$work/mpi.log"

# The same library in a browser, and the page around it.
in_a_browser() { $MAKE web_modules programs && WITH_AXE=1 sh docs/playground/test.sh > "$work/web.log" 2>&1 || { cat "$work/web.log"; return 1; }; }
long "the page in the browser trains to the native program's bits, diagnoses alike, does what the chapters say of it, and is accessible" in_a_browser
[ ! -f "$work/web.log" ] || grep -E '^(skipped|web): ' "$work/web.log"
every_mistake() { WEB_FULL=1 in_a_browser; }
long "in the browser every planted mistake hurts as the page says, from ten seeds" every_mistake

# The run programs are alike: one of them speaks for all.
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-pass-failed'
mpi=$(mpicc --showme:incdirs 2> /dev/null | sed 's/[^ ]* */-isystem &/g')
tidy() { find nn envs rl -name '*.cpp' | grep -v 'rl/run/run_[abmp]' | sort | xargs -P 2 -I {} clang-tidy --quiet {} -- -std=c++20 -I. -fopenmp-simd $mpi $warnings; }
long "clang-tidy finds nothing, and clang does not warn" tidy
tests_by_clang() {
  find tests -path tests/exercises -prune -o -path tests/bench -prune -o -path tests/fuzz -prune -o -name '*.cpp' -print | sort |
    xargs -P 2 -I {} clang++ -std=c++20 -I. -fopenmp-simd $warnings -Werror -DSCALAR=double -fsyntax-only {}
}
long "clang does not warn of the tests" tests_by_clang

long "a fixed training and the 64-64-64 kernels need no more instructions than noted, within 5 %" sh tests/bench/instructions.sh

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
