#!/bin/sh
# Runs test programs and scripts, all at once, and ends with one line: N passed, N failed, N skipped.
# Usage: BUILD=build sh tests/run.sh PROGRAM|SCRIPT.sh...
# A doctest program counts its test cases; a script ends with a line "NAME: N passed, N failed, N skipped". One that
# runs nothing, or ends with an error and no failure, counts as failed. What failed is shown, and what a script left out:
# its lines "skipped: WHY".
set -u
: "${BUILD:=build}"
export BUILD
. tests/alive.sh
for python in python3 /usr/bin/python3; do  # for the tests that take a policy to PyTorch, and the book's page in NumPy
  [ -z "${PYTHON_WITH_TORCH-}" ] && "$python" -c "import sys, importlib.util as u; sys.exit(u.find_spec('torch') is None)" 2> /dev/null &&
    export PYTHON_WITH_TORCH="$python"
  [ -z "${PYTHON_WITH_NUMPY-}" ] && "$python" -c "import sys, importlib.util as u; sys.exit(u.find_spec('numpy') is None)" 2> /dev/null &&
    export PYTHON_WITH_NUMPY="$python"
done
[ -n "${PYTHON_WITH_TORCH-}" ] || echo "PyTorch is not installed: the test that takes a policy there and back is skipped"
[ -n "${PYTHON_WITH_NUMPY-}" ] || echo "NumPy is not installed: the tests that run docs/programs/asker.py are skipped"
log_of() { echo "$BUILD/$(echo "${1#"$BUILD"/}" | tr / -).log"; }
waiting() {
  printf 'waiting for'
  for program in "$@"; do [ -f "$(log_of "$program").status" ] || printf ' %s' "${program#"$BUILD"/}"; done
}
first=$1 jobs=
for program in "$@"; do rm -f "$(log_of "$program").status"; done
for program in "$@"; do  # all at once; the first one takes longest, and the others give way to it
  log=$(log_of "$program")
  {
    [ "$program" = "$first" ] && polite='' || polite='nice'
    case $program in
      *.sh) $polite sh "$program" > "$log" 2>&1 ;;
      *)    $polite "$program" -nc ${TEST_ARGS:-} > "$log" 2>&1 ;;
    esac
    echo $? > "$log.status"
  } &
  jobs="$jobs $!"
done
alive waiting "$@"
# shellcheck disable=SC2086  # numbers
wait $jobs
alive_end
passed=0 failed=0 skipped=0
for program in "$@"; do
  log=$(log_of "$program")
  status=$(cat "$log.status")
  counts=$(sed -n -e 's/^\[doctest\] test cases: *[0-9]* *| *\([0-9]*\) passed *| *\([0-9]*\) failed *| *\([0-9]*\) skipped.*/\1 \2 \3/p' \
    -e 's/^[a-z]*: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
  # shellcheck disable=SC2086  # three words
  set -- ${counts:-0 0 0}
  p=$1 f=$2 s=$3
  if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then
    echo "$program: ended with status $status after $p passed tests"
    f=1
  fi
  if [ "$f" -ne 0 ]; then cat "$log"; else grep '^skipped: ' "$log"; fi
  echo "$program: $p passed, $f failed, $s skipped"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
