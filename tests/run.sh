#!/bin/sh
# Runs test programs one after another and ends with one line: N passed, N failed, N skipped.
# Usage: BUILD=build sh tests/run.sh PROGRAM...; fails when a program fails or runs no test.
set -u
: "${BUILD:=build}"
export BUILD
passed=0 failed=0 skipped=0
for program in "$@"; do
  "$program" -nc ${TEST_ARGS:-} > "$program.log" 2>&1
  status=$?
  cases=$(sed -n 's/^\[doctest\] test cases: *\([0-9]*\) *| *\([0-9]*\) passed *| *\([0-9]*\) failed *| *\([0-9]*\) skipped.*/\1 \2 \3 \4/p' "$program.log")
  # shellcheck disable=SC2086  # four words
  set -- ${cases:-0 0 1 0}
  [ "$status" -eq 0 ] && [ "$1" -gt 0 ] || cat "$program.log"
  if [ "$status" -ne 0 ] && [ "$3" -eq 0 ] || [ "$1" -eq 0 ]; then echo "$program: ended with status $status"; set -- "$1" "$2" 1 "$4"; fi
  echo "$program: $2 passed, $3 failed, $4 skipped"
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
