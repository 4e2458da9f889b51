#!/bin/sh
# What `make check` proves of the exercises, on a copy: each is open as shipped and short; its solution is the same file
# with the blank filled, and passes; its hints do not give it away; its numbers are true; wrong answers as they are typed
# (typed.txt) get their names; and the commands say what they should. Prints what fails; ends with 0 when nothing does.
set -u
: "${BUILD:=build}" "${MAKE:=make}" "${CXX:=g++}"
here=tests/exercises copy=$BUILD/check/exercises page=$PWD/docs/exercises.md readme=$PWD/README.md failed=0
fail() { echo "FAILED $*"; failed=$((failed + 1)); }
rm -rf "$copy"
mkdir -p "$copy/tests/bench" "$copy/tests/fuzz" "$copy/docs/playground" "$copy/build"
cp -Rp Makefile nn "$copy/" && cp -Rp tests/exercises tests/make tests/*.sh tests/*.hpp "$copy/tests/" && touch "$copy/build/deps.ok"
for rules in tests/*/rules.mk docs/*/rules.mk; do mkdir -p "$copy/${rules%/*}" && cp "$rules" "$copy/$rules"; done
if git rev-parse --verify -q HEAD > /dev/null 2>&1; then  # as shipped, whatever was tried in it since
  for file in "$here"/ex*.cpp; do git show "HEAD:$file" > "$copy/$file" 2> /dev/null || cp "$file" "$copy/$file"; done
fi
cd "$copy" || exit 2
unset MAKEFLAGS MAKELEVEL N HINT 2> /dev/null
mkdir shipped && cp $here/ex*.cpp shipped/
run() { $MAKE CXX="$CXX" BUILD=build "$@" > out 2>&1; }
judge() { N=$2 BUILD=build MAKE=$MAKE CXX=$CXX sh $here/exercises.sh "$1" > out 2>&1; }  # with its own exit status
wrong() {  # wrong COMMAND N: not done, and make does not add an error of its own
  run "$1" N="$2" || fail "make $1 N=$2 ends with an error"
  grep -q '^make' out && { fail "make $1 N=$2:"; cat out; }
  judge "$1" "$2"
  [ $? = 1 ] || fail "$1 $2 does not end with 1"
}
says() { grep -qF -e "$1" out || { fail "$2: expected \"$1\", got:"; cat out; }; }

# As shipped, and the solutions.
run exercises || fail "make exercises"
total=$(find $here/solutions -name 'ex*.cpp' | wc -l | tr -d ' ')
says "0 done, 0 wrong, $total open" "make exercises, as shipped"
sh $here/test.sh > out 2>&1 || { fail test.sh; cat out; }
says "exercises: $total passed, 0 failed, $total skipped" test.sh
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-unused-parameter -Wno-unused-variable -Werror'
for compiler in g++ clang++; do
  for kind in answers solutions; do
    # shellcheck disable=SC2086  # flags are words
    $compiler -std=c++20 -I. -DSCALAR=double $warnings -fsyntax-only "build/exercises/$kind.cpp" || fail "warnings in $kind"
  done
done
for file in shipped/ex*.cpp; do
  id=$(basename "$file" .cpp) n=${file#shipped/ex}; n=${n%%_*}
  [ "$(wc -l < "$file")" -le 40 ] || fail "$id: has more than 40 lines"
  diff "$file" "$here/solutions/$id.cpp" > difference
  sed -n 's/^< //p' difference | grep -qv 'blank()' && fail "$id: differs from its solution outside the blank"
  [ "$(grep -c "^$n ." $here/hints.txt)" = 2 ] || fail "$id: expected two hints"
  sed -n 's/^> //p' difference | sed 's/ *\/\/.*//; s/^ *//' | awk 'length($0) > 8' > lines
  grep "^$n " $here/hints.txt | grep -qF -f lines && [ -s lines ] && fail "$id: a hint contains the solution"
  sed -n 's/^> //p' difference | sed 's/ *\/\/.*//' | grep -oE '[0-9]+\.[0-9]+|[0-9]{3,}' > lines
  grep "^$n " $here/hints.txt | grep -qwF -f lines && [ -s lines ] && fail "$id: a hint contains a number of the solution"
done
build/exercises/answers quotes > shown
while IFS='	' read -r n line; do grep -qF -e "$line" shipped/ex"$n"_* || fail "$n: its file does not show $line"; done < shown

# The groups are chapters, in the order of the contents.
sed -n 's/^== //p' $here/hints.txt > groups
sed -n 's/^| [0-9]* | \[\([^]]*\)\].*/\1/p' "${page%/*}/README.md" | grep -xF -f groups | cmp -s - groups ||
  fail "the groups of hints.txt are not the chapters of docs/README.md in their order"
grep -qF "$total small exercises" "$readme" || fail "README.md does not say $total small exercises"

# Wrong answers, as they are typed: each round tries one for each exercise.
put() {  # put N TEXT: in the place of the blank
  TEXT=$2 awk '/blank\(\)/ { if (!n++) print "  " ENVIRON["TEXT"]; next } { print }' shipped/ex"$1"_* > new
  mv new "$(echo $here/ex"$1"_*)"
}
tried=0 round=1
while :; do
  cp shipped/* $here/
  grep '^[0-9]' $here/typed.txt | awk -F ' [|] ' -v round=$round '++seen[$1] == round' > these
  [ -s these ] || break
  while read -r line; do
    text=${line#* | }
    put "${line%% *}" "${text#* | }"
  done < these
  sh $here/test.sh > out 2>&1 && fail "round $round of typed.txt passes"
  while read -r line; do
    n=${line%% *} text=${line#* | }
    name=${text%% | *}
    awk -v n="$n" '/^[0-9][0-9] / { on = $1 == n } on' out > said
    tried=$((tried + 1))
    case $name in
      '~'*) grep -qF -e "${name#?}" said ;;
      *) grep -q ": not yet: $name\$" said ;;
    esac || { fail "exercise $n: expected \"$name\", got:"; cat said; }
  done < these
  round=$((round + 1))
done

# The commands.
n=07
cp shipped/* $here/
wrong solution "$n"
says "is still open" "make solution N=$n"
run hint N="$n"; says "hint 1 of 2" "make hint"
run hint N="$n"; says "hint 2 of 2" "make hint, again"
run hint N="$n" HINT=1; says "hint 1 of 2" "make hint HINT=1"
put "$n" 'return {};'
wrong exercise "$n"
run solution N="$n" || fail "the solution of $n is not shown after an attempt"
cp $here/solutions/ex"$n"_* $here/
run exercise N="${n#0}" || fail "exercise $n is not right with its solution"
says ": right" "make exercise N=$n"
cp $here/solutions/ex29_* $here/
run exercise N=29; says "Next: make exercise N=37" "make exercise N=29, the last of chapter 7"
cp shipped/ex29_* $here/
run exercises; says "1 done, 0 wrong, $((total - 1)) open" "make exercises, one done"
sed 's/blank()/blank( )/; s/^  /\t/' shipped/ex"$n"_* > "$(echo $here/ex"$n"_*)"
run exercise N="$n" || fail "exercise $n, formatted otherwise, is not open"
says ": open" "exercise $n, formatted otherwise"
sed '$d' shipped/ex"$n"_* > "$(echo $here/ex"$n"_*)"  # without its last brace
wrong exercise "$n"
says "does not compile" "exercise $n without its brace"
says "left open" "exercise $n without its brace"
sed '/^[a-zA-Z].*{$/s/(/(int, /' "$here/solutions/$(basename "$(echo shipped/ex"$n"_*)")" > "$(echo $here/ex"$n"_*)"
wrong exercise "$n"
says "other arguments" "exercise $n with another argument"
rm $here/ex"$n"_*
wrong exercise "$n"
says "no file" "exercise $n without a file"
cp shipped/* $here/
put 07 'return dy * (1 - std::tanh(y) * std::tanh(y));'
run exercise N=07
awk '/^<!-- exercise 07/ { on = 1 } on && /^```$/ { exit } on > 1 { print } on && /^```text/ { on = 2 }' "$page" > block
head -n "$(wc -l < block)" out | cmp -s - block || fail "docs/exercises.md shows something else than make exercise N=07"
cp shipped/* $here/
for command in exercise hint solution; do
  for bad in '' 0 $((total + 1)) x 99999999999999999999 -1 7a; do
    run $command N="$bad" && fail "make $command N=$bad succeeds"
    says "$command: expected" "make $command N=$bad"
    [ "$(grep -cv '^make' out)" = 1 ] || fail "make $command N=$bad says more than one line"
    N=$bad BUILD=build sh $here/exercises.sh $command > out 2>&1
    [ $? = 2 ] || fail "exercises.sh $command with N=$bad does not end with 2"
  done
done
cp $here/solutions/* $here/
run exercises || fail "make exercises, all done"
says "All $total are done" "make exercises, all done"
echo "$total exercises, $tried typed mistakes, $failed failures"
[ "$failed" -eq 0 ]
