#!/bin/sh
# Changes one operator of the lesson's sources at random, again and again, and asks the tests whether they notice: + for -,
# < for <=, && for ||. Usage: make mutants ARGS="--random [SEED [COUNT]]"; 1 and 20 unless told otherwise.
# A mutant that the compiler refuses does not count. Those that no test notices are listed: some change nothing, or only the
# speed; each of the others is a test that is missing. Ends with 1 when less than eight of ten are noticed.
set -u
: "${BUILD:=build}"
export BUILD
. tests/mutants/common.sh
seed=${1:-1} count=${2:-20}
case $seed$count in *[!0-9]*) echo "random.sh: expected a seed and a count, got '$*'" >&2; exit 2 ;; esac
lesson=$(find nn rl envs \( -path nn/io -o -path rl/app -o -path rl/diagnose -o -path rl/run -o -path rl/terminal -o -path rl/watch \) -prune \
  -o -name '*.[ch]pp' -print | LC_ALL=C sort)
rm -rf "$work/random"
mkdir -p "$work/random/claims"
# shellcheck disable=SC2086  # file names are words
LC_ALL=C awk -v SEED="$seed" -v COUNT="$count" -f tests/mutants/random.awk $lesson > "$work/random/drawn"
drawn=$(wc -l < "$work/random/drawn")

# noticed FOLDER: by the tests of nn, envs and rl in double, or else in float. One that takes two minutes is stopped.
noticed() {
  for scalar in double float; do
    build "$1" "build/$scalar/test" || return 0  # float may refuse what double takes
    ( set -f; cd "$1" && ulimit -t 120 2> /dev/null
      exec "build/$scalar/test" -nc -aa=1 '-sfe=*diagnose*,*tests/rl/app*,*tests/rl/watch*,*test_textbook*' ) > "$1.tests.log" 2>&1 || return 0
  done
  return 1
}

worker() {  # worker FOLDER: one mutant after the other, in a copy of its own
  copy_base "$1"
  build "$1" build/double/test build/float/test || { tail -n 20 "$1.log" >&2; return 1; }
  noticed "$1" && { echo "random.sh: the tests are red without a mutant" >&2; tail -n 20 "$1.tests.log" >&2; return 1; }
  number=0
  while IFS="$(printf '\t')" read -r file line column old new; do
    number=$((number + 1))
    mkdir "$work/random/claims/$number" 2> /dev/null || continue
    awk -v line="$line" -v column="$column" -v old="$old" -v new="$new" '
      NR == line { $0 = substr($0, 1, column - 1) new substr($0, column + length(old)) } { print }' "$file" > "$1/$file"
    if ! build "$1" build/double/test; then said=refused; elif noticed "$1" 2> /dev/null; then said=noticed; else said=survived; fi
    cp "$file" "$1/$file"
    printf '%s %s:%s: %s for %s:%s\n' "$said" "$file" "$line" "$new" "$old" "$(sed -n "${line}p" "$file" | sed 's/^ */ /')" |
      tee -a "$work/random/$(basename "$1")" >&2
  done < "$work/random/drawn"
}
worker "$work/r1" & first=$!
worker "$work/r2" & second=$!
wait $first && wait $second; status=$?
cat "$work/random/r1" "$work/random/r2" > "$work/random/said" 2> /dev/null
rm -rf "$work/r1" "$work/r2"
[ $status -eq 0 ] || exit 1
refused=$(grep -c '^refused' "$work/random/said") noticed=$(grep -c '^noticed' "$work/random/said")
sed -n 's/^survived /survived: /p' "$work/random/said" | LC_ALL=C sort
of=$((drawn - refused))
echo "random mutants, seed $seed: $drawn drawn, $of compile, $noticed noticed ($((of ? 100 * noticed / of : 100)) %)"
[ $((10 * noticed)) -ge $((8 * of)) ]
