#!/bin/sh
# Does docs/house.sh --arrows name what must not be? Small made-up houses, each with one mistake or none.
# Ends with one line: house: N passed, N failed, N skipped.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0

# house SAYS FILE INCLUDED...: the one line it must say has SAYS in it; says nothing where SAYS is empty.
house() {
  says=$1; shift
  rm -rf "$work/house"
  for folder in docs nn nn/io envs rl rl/app rl/diagnose; do mkdir -p "$work/house/$folder"; echo 'int x;' > "$work/house/$folder/a.hpp"; done
  cp docs/house.sh "$work/house/docs"
  whole=$*
  while [ $# -gt 1 ]; do mkdir -p "$work/house/${1%/*}"; echo "#include $2" >> "$work/house/$1"; shift 2; done
  said=$(sh "$work/house/docs/house.sh" --arrows 2>&1 > "$work/arrows"); status=$?
  right=no
  case $status,$said in
    0,) [ -n "$says" ] || right=yes ;;
    1,*"$says"*) [ -z "$says" ] || [ "$(echo "$said" | wc -l)" -ne 1 ] || right=yes ;;
  esac
  if [ $right = yes ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "$whole: status $status, said: $said"; fi
}

house '' rl/b.cpp '"nn/a.hpp"' rl/b.cpp '"envs/a.hpp"' rl/b.cpp '<vector>' rl/app/b.cpp '"rl/a.hpp"' nn/b.cpp '"nn/io/a.hpp"'
house 'nn/b.cpp includes nn/io/a.hpp, nn/io/a.hpp includes nn/a.hpp' nn/b.cpp '"nn/io/a.hpp"' nn/io/a.hpp '"nn/a.hpp"'
house 'a circle of folders: ' rl/app/a.hpp '"rl/x/a.hpp"' rl/x/a.hpp '"rl/y/a.hpp"' rl/y/a.hpp '"rl/app/a.hpp"'
house 'nn/b.cpp includes rl/a.hpp' nn/b.cpp '"rl/a.hpp"'
house 'nn/io/b.cpp includes envs/a.hpp' nn/io/b.cpp '"envs/a.hpp"'
house 'envs/b.cpp includes nn/a.hpp' envs/b.cpp '"nn/a.hpp"'
house 'envs/b.cpp includes rl/a.hpp' envs/b.cpp ' "rl/a.hpp"'
house 'rl/b.cpp includes rl/app/a.hpp' rl/b.cpp '"rl/app/a.hpp"'
house 'rl/diagnose/b.cpp includes nn/a.hpp' rl/diagnose/b.cpp '"nn/a.hpp"' rl/diagnose/b.cpp '"nn/io/a.hpp"'
house 'nn/b.cpp includes tests/a.hpp' nn/b.cpp '"tests/a.hpp"'
for header in filesystem thread mutex condition_variable csignal signal.h; do
  for file in nn/b.cpp nn/arithmetic/b.hpp nn/io/b.hpp envs/b.hpp rl/b.cpp rl/diagnose/b.cpp rl/sampling/b.hpp rl/training/b.cpp; do
    house "$file includes $header" $file "<$header>"
  done
  house '' nn/io/b.cpp "<$header>" rl/sampling/b.cpp "<$header>" rl/app/b.hpp "<$header>"
done
house '' rl/app/b.cpp '<CLI/CLI.hpp>' rl/app/b.cpp '<CLI/Config.hpp>' rl/app/c.cpp '<nlohmann/json.hpp>'
house 'rl/app/c.cpp includes CLI, and so does rl/app/b.cpp' rl/app/b.cpp '<CLI/CLI.hpp>' rl/app/c.cpp '"CLI/CLI.hpp"'
house 'rl/app/c.cpp includes nlohmann, and so does nn/io/b.cpp' nn/io/b.cpp '<nlohmann/json.hpp>' rl/app/c.cpp '<nlohmann/json.hpp>'
house 'in no header' rl/app/b.hpp '<CLI/CLI.hpp>'
house 'nn/b.cpp includes CLI/CLI.hpp' nn/b.cpp '<CLI/CLI.hpp>'

house 'rl/app/b.cpp, line 1: numbers are read' rl/app/b.cpp '<charconv>  // std::from_chars(text, end, value)'
house 'rl/diagnose/b.hpp, line 1: numbers are read' rl/diagnose/b.hpp '<charconv>  // std::to_chars (text, end, value)'
house '' nn/io/number.cpp '<charconv>  // std::from_chars(text, end, value)' nn/b.cpp '<charconv>  // nn::from_chars(text, end, value)'

echo "house: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
