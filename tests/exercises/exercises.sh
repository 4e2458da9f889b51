#!/bin/sh
# The exercises, called by make: `exercises`, `exercise`, `hint` and `solution` (with N=07), `test` (in make
# test); `list` prints the titles and where to read.
#
# Ends with 0; 1 when an exercise is not right, or its solution not due; 2 for a wrong command; 3 when nothing can be judged.
# Titles, tasks and hints come from solutions/ and hints.txt, which a learner does not edit.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
here=tests/exercises work=$BUILD/exercises
command=${1-}
. tests/exercises/build.sh

if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
  bold=$(printf '\033[1m') green=$(printf '\033[32m') red=$(printf '\033[31m') dim=$(printf '\033[2m')
  plain=$(printf '\033[0m')
else bold='' green='' red='' dim='' plain=''
fi

header() { sed -n '/^\/\//!q; s/^\/\/ \{0,1\}//p' "$here/solutions/$(name "$1").cpp"; }
title() { header "$1" | sed -n '1s/^[0-9]*  \(.*[^ ]\)   *\(.*\)$/\1 (\2)/p'; }

# The exercise that N names, in two digits.
chosen() {
  case ${N-} in
    '') echo "$command: expected N=01 to N=$last, got none; for example: make $command N=07" >&2; exit 2 ;;
    *[!0-9]*) echo "$command: expected a number from 1 to $last, got N=$N" >&2; exit 2 ;;
  esac
  n=$(echo "$N" | sed 's/^0*//')
  if [ -z "$n" ]; then echo "$command: expected N from 1 to $last, got $N; the nearest is 1" >&2; exit 2; fi
  if [ ${#n} -gt 4 ] || [ "$n" -gt "$last" ]; then
    echo "$command: expected N from 1 to $last, got $N; the nearest is $last" >&2; exit 2
  fi
  printf '%02d' "$n"
}

state() { sed -n "s/^$1 //p" "$work/status"; }
count() { grep -c " $1\$" "$work/status"; }

task() {
  header "$1" | sed '1,2d; /^Read: /d; s/^/  /; s/ *$//'
  printf '  write here  %s\n' "$here/$(name "$1").cpp"
  printf '  read        %s\n' "$(header "$1" | sed -n 's/^Read: \(.*\)\.$/\1/p')"
  printf '  then        make exercise N=%s   (a hint: make hint N=%s)\n' "$1" "$1"
}

# What is wrong with exercise N, in words; nothing when it is open.
diagnosis() {
  case $(state "$1") in
    broken)
      if grep -q "$here/ex$1_.*error:" "$work/one/ex$1.log"; then
        grep -A 2 -m 2 "$here/ex$1_.*error:" "$work/one/ex$1.log" | sed '/^--$/d; s|^\./||; s/^/    /'
      elif grep -q 'No such file' "$work/one/ex$1.log"; then
        sed -n 's/^[^ ]* fatal error:/    there is no file to include:/p' "$work/one/ex$1.log"
      else echo "    a brace or a bracket is left open in $here/$(name "$1").cpp"
      fi ;;
    missing) echo "  Its file is missing; git restore $here/$(name "$1").cpp brings it back." ;;
    wrong)
      "$work/answers" show "$1" > "$work/report" 2> "$work/stderr"
      grep -v '^mistake: ' "$work/report" | sed '/^  /!s/^/  /' | awk '{
        while (length($0) > 100 && match(substr($0, 1, 100), / [^ ]*$/) > 12) {
          print substr($0, 1, RSTART - 1)
          $0 = "            " substr($0, RSTART + 1)
        }
        print
      }'
      sed -n -e "s/^.*Assertion '__n < this->size()' failed.*/  It says:  an index of a vector is not below its size()/p" \
        -e 't' -e 's/^.*Assertion/  It says:  assertion/p' "$work/stderr" | head -n 1 ;;
  esac
}
verdict() {  # one line
  mistake=$(sed -n 's/^mistake: //p' "$work/report" 2> /dev/null)
  case $(state "$1") in
    done) echo "$green$1 ✓  $(title "$1"): right$plain" ;;
    open) echo "$bold$1    $(title "$1")$plain: open" ;;
    wrong) echo "$red$1 ✗  $(title "$1"): not yet${mistake:+: $mistake}$plain" ;;
    broken) echo "$red$1 ✗  $(title "$1"): does not compile$plain" ;;
    missing) echo "$red$1 ✗  $(title "$1"): no file$plain" ;;
  esac
}
report() {
  rm -f "$work/report"
  diagnosis "$1" > "$work/diagnosis"
  verdict "$1"
  cat "$work/diagnosis"
}

table() {
  wrong=$(($(count wrong) + $(count broken) + $(count missing)))
  echo "exercises: $(count "done") done, $wrong wrong, $(count open) open"
  echo
  awk -v green="$green" -v red="$red" -v dim="$dim" -v plain="$plain" '
    FNR == 1 { ++file }
    file == 1 { state[$1] = $2; next }
    /^== / { if (line != "") print line; line = sprintf("  %-36s", substr($0, 4)); next }
    /^[0-9]/ && !($1 in seen) {
      seen[$1] = 1
      s = state[$1]
      line = line (s == "done" ? green $1 " ✓" plain : s == "open" ? dim $1 " ·" plain : red $1 " ✗" plain) "  "
    }
    END { print line }' "$work/status" "$here/hints.txt" | sed 's/ *$//'
  echo
}

all() {
  judge
  table
  next=$(sed -n '/ done$/!{s/ .*//p;q;}' "$work/status")
  if [ -z "$next" ]; then echo "All $last are done. Now read the code: README.md says in which order."; return 0; fi
  report "$next"
  if [ "$(state "$next")" = open ]; then task "$next"; return 0; fi
  echo "  in $here/$(name "$next").cpp; again with make exercise N=$next, a hint with make hint N=$next"
  return 1
}

one() {
  judge
  report "$1"
  case $(state "$1") in
    done)
      next=$(awk -v n="$1" 'after && $2 != "done" { print $1; exit } $1 == n { after = 1 }' "$work/status")
      echo "  One way to write it: make solution N=$1${next:+. Next: make exercise N=$next}" ;;
    open) echo; task "$1" ;;
    *) echo "  A hint: make hint N=$1. The solution: make solution N=$1"; return 1 ;;
  esac
}

hint() {
  case ${HINT-} in
    '') which=1; [ ! -f "$work/hint-$1" ] || which=2 ;;
    1 | 2) which=$HINT ;;
    *) echo "hint: expected HINT=1 or HINT=2, got HINT=$HINT" >&2; exit 2 ;;
  esac
  mkdir -p "$work" && : > "$work/hint-$1"
  echo "$bold$1    $(title "$1")$plain: hint $which of 2"
  sed -n "s/^$1 //p" "$here/hints.txt" | sed -n "${which}p" | fold -s -w 96 | sed 's/^/  /; s/ *$//'
  [ "$which" = 2 ] || echo "  Another one: make hint N=$1 HINT=2"
}

# An attempt is a file whose blank is gone, right or wrong, or one that does not compile.
solution() {
  judge
  if [ "$(state "$1")" = open ]; then
    echo "solution: exercise $1 is still open; first replace the blank in $here/$(name "$1").cpp, however wrongly" >&2
    return 1
  fi
  sed '/^\/\//d' "$here/solutions/$(name "$1").cpp" | sed '/./,$!d; /^#include/,/^$/d'
}

list() {  # with where to read, in short
  awk '/^== / { print substr($0, 4) } /^[0-9]/ && !seen[$1]++ { print $1 }' "$here/hints.txt" | while read -r line; do
    case $line in
      [0-9]*) header "$line" | awk '
        NR == 1 { n = $1; kind = $(NF - 1) " " $NF; title = $0
                  if ($NF == "bug") kind = "name the bug"
                  sub(/^[0-9]+ +/, "", title); title = substr(title, 1, length(title) - length(kind)); sub(/ +$/, "", title) }
        /^Read: / { where = substr($0, 7); sub(/\.$/, "", where); gsub(/docs\/|\.md|, Eq\./, "", where) }
        END { printf "  %s  %-42s%-14s%s\n", n, title, kind, where }' ;;
      *) echo "$line" ;;
    esac
  done
}

# For make test: the solutions pass, every classic wrong answer is told by name, and the learner's files are judged.
test_all() {
  prepare
  generate "$work/solutions.cpp" $here/solutions/ex*.cpp
  passed=0 failed=0
  if build "$work/solutions" && "$work/solutions" prove > "$work/proof"; then passed=$last
  else failed=1; grep -m 5 error "$work/build.log"; cat "$work/proof"
  fi
  judge
  # shellcheck disable=SC2013  # one number a line
  for n in $(awk '$2 != "done" && $2 != "open" { print $1 }' "$work/status"); do
    report "$n"
    failed=$((failed + 1))
  done
  echo "exercises: $((passed + $(count "done"))) passed, $failed failed, $(count open) skipped"
  [ "$failed" -eq 0 ]
}

case $command in
  exercises) all ;;
  exercise) n=$(chosen) || exit 2; one "$n" ;;
  hint) n=$(chosen) || exit 2; hint "$n" ;;
  solution) n=$(chosen) || exit 2; solution "$n" ;;
  list) list ;;
  test) test_all ;;
  *) echo "usage: sh $here/exercises.sh exercises | list | exercise | hint | solution | test, called by make" >&2; exit 2 ;;
esac
