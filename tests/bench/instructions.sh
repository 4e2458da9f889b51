#!/bin/sh
# Counts the instructions of a fixed training and of fixed network steps under callgrind, and compares them with
# tests/bench/instructions.txt: more than 5 % above is a failure. Usage: BUILD=build sh tests/bench/instructions.sh [--update]
# Compiler flags are fixed, and so is the compiler's major version: with another one there is nothing to compare.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
numbers=tests/bench/instructions.txt
work=$BUILD/check/instructions
version=g++-$(g++ -dumpversion | cut -d. -f1)-$(uname -m)
if [ "${1:-}" != --update ] && ! grep -q "^compiler $version\$" "$numbers"; then
  echo "instructions: the numbers are of another compiler than $version: nothing to compare"
  exit 0
fi

$MAKE BUILD="$work" CXX=g++ CXXFLAGS='-O3 -march=x86-64-v3 -Werror' "$work/bench/fixed" || exit 1
count() {  # count NAME ARGUMENTS...
  name=$1; shift
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/bench/fixed" "$@" 2>&1 > /dev/null |
    awk -v name="$name" '/Collected/ { print name, $NF }'
}
{
  echo "compiler $version"
  count training train 8 20000
  count network-64-64-64 network 50
} > "$work/counted.txt"

if [ "${1:-}" = --update ]; then
  cp "$work/counted.txt" "$numbers" && cat "$numbers"
  exit
fi
awk 'NR == FNR { budget[$1] = $2; next }
  $1 == "compiler" { next }
  { n++; change = 100 * ($2 / budget[$1] - 1); printf "%-20s%14d instructions, budget %14d: %+.1f %%\n", $1, $2, budget[$1], change
    if (!(budget[$1] > 0) || change > 5) bad = 1 }
  END { exit bad || n < 2 }' "$numbers" "$work/counted.txt" && exit 0
echo "instructions: expected at most 5 % more than $numbers; if the work grew on purpose: sh tests/bench/instructions.sh --update"
exit 1
