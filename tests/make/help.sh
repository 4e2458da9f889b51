#!/bin/sh
# What `make help` prints: of every target the words behind its ##, in 80 columns.
# Usage: BUILD=... CXX=... sh tests/make/help.sh PROGRAMS CHAPTERS
set -u
programs=$1 chapters=$2
{
  sed -n 's/^\([a-z%-]*\):[^#]*## */  make \1|/p' Makefile tests/*/rules.mk docs/*/rules.mk | sed 's/^\([^|]*\)%/\1NAME/'
  echo "  programs|$programs"
  echo "  chapters|$(echo "$chapters" | tr ' ' '\n' | sort -k 1.3n | xargs): make ch4 prints the numbers of docs/04-..."
  echo "  settings|BUILD=$BUILD CXX=$CXX CXXFLAGS=..., AUTO_DEPS=0 to install nothing"
} | awk -F '|' '{
  line = sprintf("%-20s", $1)
  text = substr($0, length($1) + 2)
  count = split(text, word, " ")
  for (i = 1; i <= count; ++i) {
    if (i > 1 && length(line) + 1 + length(word[i]) > 80) { print line; line = sprintf("%20s", "") }
    else if (i > 1) line = line " "
    line = line word[i]
  }
  print line
}'
