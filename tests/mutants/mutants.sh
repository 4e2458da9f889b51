#!/bin/sh
# Plants one mistake after another into a copy of the code and asks every check whether it notices. Called by
# `make mutants`; writes the tables of docs/what-cartpole-hides.md and its picture. With names (of tests/mutants/NAME.mutant)
# it runs those and only prints; with --random it changes operators at random instead (random.sh). Results are kept in
# $BUILD/mutants/results while neither code nor mutant changes.
# Fails, with the name, when a mutant does not apply or compile, and when no check but CartPole notices a bug.
set -u
: "${BUILD:=build}"
export BUILD
[ "${1-}" != --random ] || { shift; exec sh tests/mutants/random.sh "$@"; }
. tests/mutants/common.sh
page=docs/what-cartpole-hides.md picture=docs/figures/what-cartpole-hides.svg
# CartPole counts as solved as in `make run-cartpole`: 100 fresh episodes with a mean return of 475. A mistake survives
# when at least 9 of the seeds 0 to 9 get there within so many steps. Plain SGD's learning rate was chosen with the seeds
# 500 to 599, where the code without a mistake solves 100 of 100 (99 with 0.001, 98 with 0.0007, 89 with 0.0014).
steps=100000 solved_enough=9 sgd_rate=0.0005

[ -x "$BUILD/double/test" ] && [ -x "$BUILD/bin/run_cartpole" ] || { echo "mutants.sh: call it by make mutants" >&2; exit 2; }
all=
for mutant in tests/mutants/*.mutant; do all="$all $mutant"; done
chosen=$all
if [ $# -gt 0 ]; then
  chosen=
  for name in "$@"; do
    [ -f "tests/mutants/$name.mutant" ] || { echo "mutants.sh: there is no tests/mutants/$name.mutant" >&2; exit 2; }
    chosen="$chosen tests/mutants/$name.mutant"
  done
fi
# shellcheck disable=SC2086  # file names are words
sh tests/mutants/plant.sh --dry-run . $chosen >&2 || exit 1
mkdir -p "$work/results"
rm -rf "$work/claims" "$work/broken"; mkdir "$work/claims" "$work/broken"
code=$(find nn rl envs tests -path tests/exercises -prune -o \( -name '*.[ch]pp' -o -name '*.csv' \) -print | LC_ALL=C sort | xargs cat | cksum)

# cartpole FOLDER OPTIMIZER OPTIONS: "solved seeds, mean return", or why there is none.
cartpole() {
  folder=$1; shift
  rm -rf "$folder/run"
  if ( ulimit -t 120; exec "$folder/build/bin/run_cartpole" --seeds 10 --total-timesteps "$steps" --quiet --output "$folder/run" "$@" ) > "$folder.cartpole.log" 2>&1; then
    awk -F, 'NR > 1 { solved += $2; sum += $8 } END { printf "%d %.0f\n", solved, sum / (NR - 1) }' "$folder/run/seeds.csv"
  else echo "0 stops"
  fi
}

# judge FOLDER OPTIONS: one word a check, "killed" or "survived", then four for CartPole.
judge() {
  folder=$1; shift
  for check in $checks; do
    if survives "$folder" "$check"; then printf 'survived '; else printf 'killed '; fi
  done
  case ${1-} in  # CartPole never runs this code, or only with Adam
    none) echo "none none none none"; return ;;
    adam) echo "$(cartpole "$folder") none none"; return ;;
  esac
  echo "$(cartpole "$folder" "$@") $(cartpole "$folder" --optimizer sgd --learning-rate "$sgd_rate" "$@")"
}

run_mutant() {  # run_mutant FOLDER MUTANT
  name=$(basename "$2" .mutant)
  copy_base "$1"
  options=$(field cartpole "$2")
  # shellcheck disable=SC2046  # one word, or none
  if ! sh tests/mutants/plant.sh "$1" "$2" > "$1.log" 2>&1 ||
    ! build "$1" build/double/test $([ "$options" = none ] || echo build/bin/run_cartpole); then
    { echo "$name: does not compile"; grep -m 3 error: "$1.log" || tail -n 3 "$1.log"; } > "$work/broken/$name"
    return 1
  fi
  # shellcheck disable=SC2086  # options are words
  judge "$1" $options > "$work/results/$name.new"
  { echo "$code $(cksum < "$2")"; cat "$work/results/$name.new"; } > "$work/results/$name"
  rm "$work/results/$name.new"
}
fresh() { [ "$(head -n 1 "$work/results/$(basename "$1" .mutant)" 2>/dev/null)" = "$code $(cksum < "$1")" ]; }

worker() {
  for mutant in $chosen; do
    name=$(basename "$mutant" .mutant)
    mkdir "$work/claims/$name" 2>/dev/null || continue
    if fresh "$mutant"; then continue; fi
    start=$(date +%s)
    run_mutant "$work/$1" "$mutant" || { cat "$work/broken/$name" >&2; continue; }
    # shellcheck disable=SC2012  # one entry a line, plain names
    printf '%3d of %d  %-32s %s  (%d s)\n' "$(ls "$work/claims" | wc -l)" "$count" "$name" \
      "$(sed -n 2p "$work/results/$name")" $(($(date +%s) - start)) >&2
  done
}

count=0
for mutant in $chosen; do count=$((count + 1)); done
# The code without a mistake first: every check passes, CartPole is solved.
if [ "$(head -n 1 "$work/none" 2>/dev/null)" != "$code" ]; then
  copy_base "$work/1"
  build "$work/1" build/double/test build/bin/run_cartpole || { tail -n 20 "$work/1.log" >&2; exit 1; }
  { echo "$code"; judge "$work/1"; } > "$work/none"
fi
sed -n 2p "$work/none" | awk -v enough="$solved_enough" '
  { for (i = 1; i <= 5; ++i) if ($i != "survived") bad = 1; if ($6 < enough || $8 < enough) bad = 1 }
  END { if (bad) { print "mutants.sh: the code without a mistake does not pass: " $0 > "/dev/stderr"; exit 1 } }' || exit 1
worker 1 & worker 2 & wait
rm -rf "$work/1" "$work/2"
for broken in "$work"/broken/*; do [ ! -f "$broken" ] || exit 1; done

# One line a mutant: name, group, class, what judge said, options, title.
lines() {
  for mutant in $chosen; do
    name=$(basename "$mutant" .mutant)
    printf '%s|%s|%s|%s|%s|%s\n' "$name" "$(field group "$mutant")" "$(field class "$mutant")" \
      "$(sed -n 2p "$work/results/$name")" "$(field cartpole "$mutant")" "$(field title "$mutant")"
  done
}
lines > "$work/lines"
LC_ALL=C awk -F'|' -v enough="$solved_enough" -v none="$(sed -n 2p "$work/none")" -v full="$([ $# -gt 0 ] || echo 1)" \
  -v table="$work/table.md" -v picture="$work/picture.svg" -f tests/mutants/table.awk "$work/lines" || exit 1
[ $# -eq 0 ] || exit 0
mkdir -p docs/figures
cp "$work/picture.svg" "$picture"
awk -v table="$work/table.md" '
  /^<!-- mutants: / { print; while ((getline line < table) > 0) print line; inside = 1; next }
  /^<!-- end of mutants -->$/ { inside = 0 }
  !inside' "$page" > "$work/page.md" && cp "$work/page.md" "$page"
