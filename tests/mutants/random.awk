# Draws COUNT places of the sources, by SEED, at which one operator becomes another: file, line, column, the operator, and
# the other one, with tabs between. The sources are formatted, so a binary operator stands between blanks. What stands in an
# assert, be it of several lines, is left alone: no test can break a promise that the code keeps.
BEGIN {
  split("+ - * / < <= > >= == != && || += -= *= /=", all, " ")
  split("- + / * <= < >= > != == || && -= += /= *=", other, " ")
  for (i in all) becomes[all[i]] = other[i]
}
function open(text) { return gsub(/\(/, "", text) - gsub(/\)/, "", text) }
FNR == 1 { asserting = 0 }
/^ *#/ || /^ *\/\// { next }
match($0, /assert\(/) { asserting = open(substr($0, RSTART)); next }
asserting > 0 { asserting += open($0); next }
{
  quoted = 0
  n = length($0)
  for (c = 1; c <= n; ++c) {
    letter = substr($0, c, 1)
    if (letter == "\\") { ++c; continue }
    if (letter == "\"" && substr($0, c - 1, 1) != "'") quoted = !quoted
    if (quoted) continue
    if (substr($0, c, 2) == "//") break
    if (letter != " ") continue
    rest = substr($0, c + 1, 3)
    at = index(rest, " ")
    if (at < 2) continue
    operator = substr(rest, 1, at - 1)
    if (operator in becomes) place[places++] = FILENAME "\t" FNR "\t" (c + 1) "\t" operator "\t" becomes[operator]
  }
}
END {
  seed = SEED * 7919 % 2147483646 + 1
  for (drawn = 0; drawn < COUNT && drawn < places;) {
    seed = seed * 16807 % 2147483647  # Park and Miller: below 2^53, so the same in every awk
    i = seed % places
    if (i in taken) continue
    taken[i] = 1
    print place[i]
    ++drawn
  }
}
