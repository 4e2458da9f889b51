#!/bin/sh
# Plants mistakes: replaces the text below each "--- before" of a mutant by the text below "+++ after", in the file that
# the mutant names, or "--- before FILE". The text is whole lines and must stand there exactly once; otherwise nothing is
# written, and the message names the mutant.
# Usage: sh tests/mutants/plant.sh [--dry-run] FOLDER MUTANT...
set -u
dry=
[ "${1-}" != --dry-run ] || { dry=1; shift; }
[ $# -ge 2 ] || { echo "usage: sh tests/mutants/plant.sh [--dry-run] FOLDER MUTANT..." >&2; exit 2; }
folder=$1; shift
LC_ALL=C FOLDER=$folder DRY=$dry awk '
function fail(why) { print mutant ": " why; bad = 1; return 0 }
function read_all(source,  line, all) {
  all = "\n"
  while ((getline line < source) > 0) all = all line "\n"
  close(source)
  return all
}
function plant(name,  line, part, n, before, after, place, source, text, i, at) {
  mutant = name; n = 0; part = ""
  delete field; delete before; delete after; delete place; delete text
  while ((getline line < name) > 0) {
    if (line ~ /^--- before( |$)/) { part = "before"; before[++n] = after[n] = "\n"; place[n] = substr(line, 12) }
    else if (line == "+++ after") part = "after"
    else if (part == "before") before[n] = before[n] line "\n"
    else if (part == "after") after[n] = after[n] line "\n"
    else if (match(line, /^[a-z]+: /)) field[substr(line, 1, RLENGTH - 2)] = substr(line, RLENGTH + 1)
    else return fail("expected a line \"key: value\", got \"" line "\"")
  }
  close(name)
  for (i in needed) if (!(i in field)) return fail("expected a line \"" i ": ...\"")
  if (field["class"] != "bug" && field["class"] != "harmless") return fail("expected class bug or harmless, got " field["class"])
  if (n == 0) return fail("expected a --- before and a +++ after, got none")
  for (i = 1; i <= n; ++i) {
    source = place[i] != "" ? place[i] : field["file"]
    if (!(source in text)) text[source] = read_all(folder "/" source)
    at = index(text[source], before[i])
    if (!at) return fail("does not apply: block " i " does not stand in " source)
    if (index(substr(text[source], at + 1), before[i])) return fail("does not apply: block " i " stands twice in " source)
    text[source] = substr(text[source], 1, at - 1) after[i] substr(text[source], at + length(before[i]))
  }
  if (!dry) for (source in text) { printf "%s", substr(text[source], 2) > (folder "/" source); close(folder "/" source) }
  return 1
}
BEGIN {
  folder = ENVIRON["FOLDER"]; dry = ENVIRON["DRY"] != ""
  split("title why group class file", words, " ")
  for (i in words) needed[words[i]]
  for (i = 1; i < ARGC; ++i) planted += plant(ARGV[i])
  exit bad
}' "$@"
