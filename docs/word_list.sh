#!/bin/sh
# The words of the book, for the world of words: sh docs/word_list.sh > envs/word_list.cpp
# Those of 3 to 10 letters that stand at least twice in README.md and docs/*.md, outside of code, formulas and links, in
# alphabetical order. Written once and kept: a page that is edited must not change what a seed trains.
set -eu
cd "$(dirname "$0")/.."
cat <<'END'
/// Written by docs/word_list.sh from the pages of the book.
#include "envs/word_list.hpp"

namespace envs {

const std::string_view book_text =
END
LC_ALL=C awk '/^```/ { code = !code; next } !code' README.md docs/*.md |
  LC_ALL=C sed 's/\$`[^`]*`\$/ /g; s/`[^`]*`/ /g; s/<!--.*-->/ /g; s/](\([^)]*\))/ /g' |
  LC_ALL=C tr 'A-Z' 'a-z' | LC_ALL=C tr -c 'a-z\n' ' ' | LC_ALL=C tr -s ' ' '\n' |
  LC_ALL=C grep -E '^[a-z]{3,10}$' | LC_ALL=C sort | LC_ALL=C uniq -d |
  awk 'length(line $0) > 108 { print "    \"" line "\""; line = "" } { line = line $0 " " }
       END { sub(/ $/, "", line); print "    \"" line "\";" }'
printf '\n}  // namespace envs\n'
