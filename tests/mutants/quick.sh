#!/bin/sh
# The quick part of `make mutants`, for `make test`: every mutant still applies, and a few of them, planted and built,
# turn the check red that they should. Ends with one line: mutants: N passed, N failed, N skipped.
set -u
: "${BUILD:=build}"
export BUILD
. tests/mutants/common.sh
[ -x "$BUILD/double/test" ] || { echo "quick.sh: call it by make test" >&2; exit 2; }
# Which mutant, and which check must notice. Each touches one source file, so that it costs one compilation.
chosen='hidden-derivative-missing:gradient return-one-step-late:golden taken-output-only:oracle sign-flipped:probes'

rm -rf "$work/quick"
mkdir -p "$work/quick"
for mutant in tests/mutants/*.mutant; do
  if sh tests/mutants/plant.sh --dry-run . "$mutant"; then echo applies; else echo "FAILED $mutant"; fi
done > "$work/quick/applies"

try() {  # try FOLDER NAME CHECK
  copy_base "$1"
  if ! sh tests/mutants/plant.sh "$1" "tests/mutants/$2.mutant" || ! build "$1" build/double/test; then
    echo "FAILED $2: cannot be planted or does not compile"
    cat "$1.log"
  elif survives "$1" "$3"; then echo "FAILED $2: planted, and the $3 check passes"
  else echo "killed $2 by $3"
  fi
}
half() {  # half FIRST: every second one of the chosen
  i=0
  for one in $chosen; do
    i=$((i + 1))
    [ $((i % 2)) -ne "$1" ] || try "$work/quick/$1" "${one%:*}" "${one#*:}"
  done
}
half 0 > "$work/quick/even" & half 1 > "$work/quick/odd" & wait
cat "$work/quick/applies" "$work/quick/even" "$work/quick/odd" > "$work/quick/log"
grep -v '^applies$' "$work/quick/log"
rm -rf "$work/quick/0" "$work/quick/1"
passed=$(grep -c -e '^applies$' -e '^killed ' "$work/quick/log")
failed=$(grep -c '^FAILED ' "$work/quick/log")
echo "mutants: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
