#!/bin/sh
# Changes one operator of the lesson's sources at random, again and again, and asks the tests whether they notice: + for -,
# < for <=, && for ||. Usage: make mutants ARGS="--random [SEED [COUNT]]"; 1 and 20 unless told otherwise. WORKERS (2) is how
# many work at once.
# First come the tests of nn, envs and rl in double, those of the mutant's folder before the others. What survives them meets the
# rest of what `make test` and `make check` run: the same tests in float; watched by the sanitizers; the tests of the programs;
# those over MPI; the numbers in the pages.
# A mutant that the compiler refuses, or from which it makes the very same tests, does not count. Those that nothing notices are
# listed: some change nothing, or only the speed; each of the others is a test that is missing. Ends with 1 when less than eight
# of ten are noticed.
set -u
: "${BUILD:=build}" "${WORKERS:=2}"
export BUILD
. tests/mutants/common.sh
seed=${1:-1} count=${2:-20}
case $seed$count$WORKERS in *[!0-9]*) echo "random.sh: expected a seed and a count, got '$*'" >&2; exit 2 ;; esac
lesson=$(find nn rl envs \( -path nn/io -o -path rl/app -o -path rl/diagnose -o -path rl/run -o -path rl/terminal -o -path rl/watch \) -prune \
  -o -name '*.[ch]pp' -print | LC_ALL=C sort)
here=$root/$work/random programs='*diagnose*,*tests/rl/app*,*tests/rl/watch*,*test_textbook*'
case $work in /*) here=$work/random ;; esac
rm -rf "$here"
mkdir -p "$here/claims" "$here/limits"
# shellcheck disable=SC2086  # file names are words
LC_ALL=C awk -v SEED="$seed" -v COUNT="$count" -f tests/mutants/random.awk $lesson > "$here/drawn"

# fails FOLDER COMMAND...: it does, or takes three times what it took the first time, which was without a mutant.
fails() {
  folder=$1; shift
  limit=$here/limits/$(echo "${folder##*/[0-9]} $*" | cksum | tr ' ' -)
  began=$(date +%s)
  ( set -f; cd "$folder" && ulimit -t "$(cat "$limit" 2> /dev/null || echo 900)" 2> /dev/null
    BUILD=build exec "$@" ) > "$folder.tests.log" 2>&1
  status=$?
  [ -f "$limit" ] || echo $((3 * ($(date +%s) - began) + 5)) > "$limit"
  [ $status -ne 0 ]
}
# The tests have parts: nn, envs, rl, the oracle, which takes longest, and the formulas.
part_of() { case $1 in rl/oracle*) echo oracle ;; nn* | envs*) echo "${1%%/*}" ;; *) echo rl ;; esac; }
folders_of() {
  case $1 in
    nn)     echo tests tests/nn tests/nn/arithmetic tests/nn/io ;;
    envs)   echo tests tests/envs ;;
    rl)     echo tests tests/rl tests/rl/sampling ;;
    oracle) echo tests tests/rl/oracle ;;
  esac
}
part_fails() {  # part_fails FOLDER PROGRAM PART
  case $3 in
    oracle)   fails "$1" "$2" -nc -aa=1 '-sf=*tests/rl/oracle/*' ;;
    formulas) fails "$1" "$2" -nc -aa=1 "-sfe=*tests/nn/*,*tests/envs/*,*tests/rl/*,$programs" ;;
    *)        fails "$1" "$2" -nc -aa=1 "-sf=*tests/$3/*" "-sfe=$programs,*tests/rl/oracle/*" ;;
  esac
}
# library_says FOLDER PROGRAM SOURCE: what becomes of the mutant in SOURCE: refused, same, noticed, or nothing.
library_says() {
  own=$(part_of "$3") asked=
  case $3 in *.hpp)  # compiled anew into many files: at first into the tests of its part only
    rm -f "$1/$2"
    build "$1" tests="$(folders_of "$own")" "$2" || { echo refused; return; }
    part_fails "$1" "$2" "$own" && { echo noticed; return; }
    rm -f "$1/$2"
    asked=$own ;;
  esac
  build "$1" "$2" || { echo refused; return; }
  cmp -s "$without/${2#build/}" "$1/$2" && { echo same; return; }
  for part in $own nn envs rl formulas oracle; do
    case " $asked " in *" $part "*) continue ;; esac
    part_fails "$1" "$2" "$part" && { echo noticed; return; }
    asked="$asked $part"
  done
}
# watched COMMAND...: with the flags of the build that watches itself, as in `make check`.
watched() ( export CXXFLAGS='-O0 -fsanitize=address,undefined -fno-sanitize-recover=all -D_GLIBCXX_ASSERTIONS' LDFLAGS='' FEW_CASES=1; without=$work/watched; "$@" )
without=$BUILD

# Each of these two prints what becomes of the mutant in SOURCE, in the FOLDER; nothing if it survives. Without a SOURCE, there
# is no mutant.
first_says() {  # first_says FOLDER [SOURCE]
  [ -n "${2-}" ] || without=/
  says=$(library_says "$1" build/double/test "${2-}")
  case $says in
    same) ;;  # in float it may be another one
    noticed) echo "noticed by double" ;;
    ?*) echo "$says" ;;
  esac
}
rest_says() {  # rest_says FOLDER [SOURCE]
  [ -n "${2-}" ] || without=/
  copy=$1 source=${2-}
  says=$(library_says "$copy" build/float/test "$source")
  case $says in
    same) ! { build "$copy" build/double/test && cmp -s "$without/double/test" "$copy/build/double/test"; } || { echo same; return; } ;;
    ?*) echo "noticed by float"; return ;;
  esac
  case $(watched library_says "$copy-watched" build/double/test "$source") in
    noticed | refused) echo "noticed by the sanitizers"; return ;;
  esac
  if ! build "$copy" built || fails "$copy" build/double/test -nc -aa=1 "-sf=$programs" '-sfe=*tests/rl/diagnose*'; then
    echo "noticed by the programs"; return
  fi
  case ${source:-rl/sampling} in rl/sampling* | rl/training*)
    fails "$copy" sh tests/mpi/test.sh && { echo "noticed by MPI"; return; } ;;
  esac
  [ -z "$source" ] || cp -p "$source" "$copy/$source"  # a page that quotes the source is not to notice the text
  ! fails "$copy" sh docs/check.sh || echo "noticed by the pages"
}

# change FOLDER SOURCE LINE COLUMN OLD NEW, and restore FOLDER BASE SOURCE, also what was built since.
change() {
  [ ! -d "$1" ] || { touch "$1.stamp" && awk -v line="$3" -v column="$4" -v old="$5" -v new="$6" '
    NR == line { $0 = substr($0, 1, column - 1) new substr($0, column + length(old)) } { print }' "$2" > "$1/$2"; }
}
restore() {
  [ -d "$1" ] || return 0
  cp -p "$3" "$1/$3"
  ( cd "$1/build" && find . -type f ! -name '*.d' -newer "$1.stamp" ) | while IFS= read -r file; do
    cp -p "$2/$file" "$1/build/$file" 2> /dev/null || rm -f "$1/build/$file"
  done
}
# worker FOLDER WHO LIST: asks WHO of one mutant of the list after the other, in a copy of its own.
worker() {
  number=0
  while IFS="$(printf '\t')" read -r file line column old new; do
    number=$((number + 1))
    mkdir "$here/claims/$2.$number" 2> /dev/null || continue
    for copy in "$1" "$1-watched"; do change "$copy" "$file" "$line" "$column" "$old" "$new"; done
    notices=$($2 "$1" "$file" 2> /dev/null)  # where the shell says "Aborted"
    restore "$1" "$BUILD" "$file"; restore "$1-watched" "$work/watched" "$file"
    [ -n "$notices" ] || printf '%s\t%s\t%s\t%s\t%s\n' "$file" "$line" "$column" "$old" "$new" >> "$here/left.$2"
    printf '%s: %s:%s: %s for %s:%s\n' "${notices:-survived}" "$file" "$line" "$new" "$old" "$(sed -n "${line}p" "$file" | sed 's/^ */ /')" |
      tee -a "$here/said.$2" >&2
  done < "$3"
}
# all_ask WHO LIST: every worker, in a folder of its own, once nobody notices anything without a mutant.
all_ask() {
  notices=$($1 "$here/1")
  [ -z "$notices" ] || { echo "random.sh: $notices, without a mutant" >&2; tail -n 20 "$here/1.log" "$here/1.tests.log" >&2; return 1; }
  jobs=
  for w in $(seq "$WORKERS"); do worker "$here/$w" "$1" "$2" & jobs="$jobs $!"; done
  # shellcheck disable=SC2086  # numbers
  wait $jobs
}

for w in $(seq "$WORKERS"); do copy_base "$here/$w"; done
all_ask first_says "$here/drawn" || exit 1
if [ -f "$here/left.first_says" ]; then
  echo "random.sh: $(wc -l < "$here/left.first_says") survive the tests in double; now the others are asked" >&2
  mkdir -p "$work/watched" && cp -p "$BUILD/deps.ok" "$work/watched/"
  { plain_make -j"$WORKERS" BUILD="$BUILD" built "$BUILD/float/test" &&
      watched plain_make -j"$WORKERS" BUILD="$work/watched" "$work/watched/double/test"; } > "$here/1.log" 2>&1 ||
    { tail -n 20 "$here/1.log" >&2; exit 1; }
  for w in $(seq "$WORKERS"); do
    copy_base "$here/$w"
    cp -Rp "$BUILD/bin" "$here/$w/build/" && cp -Rp docs README.md LICENSE "$here/$w/"
    ( BUILD=$work/watched; copy_base "$here/$w-watched" )
  done
  all_ask rest_says "$here/left.first_says" || exit 1
fi
rm -rf "$here"/[0-9] "$here"/[0-9]-watched
{ grep -v '^survived' "$here/said.first_says"; cat "$here/said.rest_says"; } > "$here/said" 2> /dev/null
grep '^survived' "$here/said" | LC_ALL=C sort
cut -d: -f1 "$here/said" | LC_ALL=C sort | uniq -c
noticed=$(grep -c '^noticed' "$here/said")
of=$((noticed + $(grep -c '^survived' "$here/said")))
echo "random mutants, seed $seed: $(wc -l < "$here/drawn") drawn, $of compile to something else, $noticed noticed ($((of ? 100 * noticed / of : 100)) %)"
[ $((10 * noticed)) -ge $((8 * of)) ]
