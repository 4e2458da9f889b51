#!/bin/sh
# The quick part of `make mutants`, for `make test`: every mutant still applies, and a few of them, planted and built,
# turn the check red that they should, which without a mistake is green. Each is one source file compiled anew and linked
# with what `make test` has built.
# Ends with one line: mutants: N passed, N failed, N skipped.
# Wants BUILD, COMPILE (a command that takes a source and -o OBJECT), TEST_OBJECTS, LINK (that takes them) and LDLIBS.
set -u
: "${BUILD:=build}"
export BUILD
. tests/mutants/common.sh
[ -n "${TEST_OBJECTS:-}" ] || { echo "quick.sh: call it by make test" >&2; exit 2; }
# Which mutant, and which check must notice.
chosen='hidden-derivative-missing:gradient return-one-step-late:golden taken-output-only:oracle sign-flipped:probes'
quick=$work/quick
rm -rf "$quick"
mkdir -p "$quick"

# shellcheck disable=SC2086  # objects and commands are words
try() {  # try NAME CHECK
  folder=$quick/$1 source=$(field file "tests/mutants/$1.mutant")
  mkdir -p "$folder/$(dirname "$source")" "$folder/build/double"
  cp "$source" "$folder/$source"
  object=$BUILD/double/${source%.cpp}.o
  if sh tests/mutants/plant.sh "$folder" "tests/mutants/$1.mutant" > "$folder.log" 2>&1 &&
    $COMPILE -w -c "$folder/$source" -o "$folder/planted.o" >> "$folder.log" 2>&1 &&
    $LINK $(for o in $TEST_OBJECTS; do [ "$o" = "$object" ] && echo "$folder/planted.o" || echo "$o"; done) \
      -o "$folder/build/double/test" $LDLIBS >> "$folder.log" 2>&1
  then
    if survives "$folder" "$2"; then echo "FAILED $1: planted, and the $2 check passes"; else echo "killed $1 by $2"; fi
  else
    echo "FAILED $1: cannot be planted or does not compile"; cat "$folder.log"
  fi
  rm -rf "$folder"
}

innocent() {  # innocent CHECK: the code without a mistake, in a folder like a mutant's
  folder=$quick/none-$1
  mkdir -p "$folder/build/double" && cp "$BUILD/double/test" "$folder/build/double/"
  if survives "$folder" "$1"; then echo applies; else echo "FAILED the $1 check: red without a mistake"; tail -n 20 "$folder.tests.log"; fi
  rm -rf "$folder"
}

for mutant in tests/mutants/*.mutant; do
  if sh tests/mutants/plant.sh --dry-run . "$mutant"; then echo applies; else echo "FAILED $mutant"; fi
done > "$quick/applies"
for one in $chosen; do try "${one%:*}" "${one#*:}" > "$quick/$one" & done
for check in $checks; do innocent "$check" > "$quick/none:$check" & done
wait
cat "$quick/applies" "$quick"/*:* > "$quick/log"
grep -v '^applies$' "$quick/log"
passed=$(grep -c -e '^applies$' -e '^killed ' "$quick/log")
failed=$(grep -c '^FAILED ' "$quick/log")
echo "mutants: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
