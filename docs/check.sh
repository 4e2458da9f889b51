#!/bin/sh
# Are the pages true? Compares docs/*.md and README.md with the sources and with what the programs print.
# Usage: BUILD=build sh docs/check.sh [--fix]; ends with one line, docs: N passed, N failed, N skipped.
#
#   <!-- from FILE#NAME -->      the ```cpp block below is the region NAME of FILE (// #region NAME ... // #endregion
#                                NAME; in Python # region NAME ... # endregion NAME), without the marker's
#                                indentation; --fix copies it from the source again
#   <!-- all of FILE -->         the page quotes every line of FILE that is neither blank nor a comment
#   <!-- output of: COMMAND -->  the lines of the block below stand one after another in what COMMAND prints; a
#                                leading build/ means $BUILD/
#   <!-- verdicts: ... -->       from here to <!-- end of verdicts --> stands what build/bin/book verdicts prints, and "what N known
#                                mistakes" on that page counts it; --fix writes both again
#   <!-- numbers from: COMMAND -->  every number of the page with three or more decimals, outside of code blocks, is
#                                one that COMMAND prints
# Every letter of a formula stands in the glossary's table of symbols.
# The counts in the headline of docs/what-cartpole-hides.md are those of its table. No line of a paragraph begins like a list; every ```math block in docs/ has an id, (chapter.number) at the end of
# a line, and no id stands twice; every Eq. (chapter.number) and every docs/PAGE.md, section N named in nn, envs, rl, tests
# exists; every relative link leads to a file, and #fragment to a heading of that page.
# What is written as: the test "SENTENCE" is the name of a TEST_CASE. An exercise that is named by number exists, and a link to it,
# [07, ...](...ex07_...), has its number. tests/museum holds what build/bin/book museum writes.
# No arrow between the folders of the code leads where it must not, and docs/figures/house.svg shows them (docs/house.sh).
# Of the chapters, docs/NN-NAME.md, docs/what-cartpole-hides.md, docs/one-theorem.md and docs/diagnose.md:
#   parts     the question in bold, a picture, something that a command prints, the box with the mistake you are about to make,
#             links to two exercises at least, and where to read on
#   formulas  every equation has a test: a TEST_CASE of tests/*/test_*.cpp that cites it, as `// Eq. (4.5), (4.6)` on a
#             line of its head or in the comment right above. A test that cites an equation no page has fails too.
#   figures   docs/figures/NN-NAME.svg is, byte for byte, what build/bin/book draws, and a page shows it; every picture
#             has an alternative text that says what is in it
#   length    1,500 to 2,500 words (as wc -w counts) from chapter 1 on, but for chapters 12 and 13, which are tables. Quoted
#             code does not count: a whole program is not cut short for the sake of a limit that is about prose; a page that
#             quotes all of one has up to 3,000, since every piece needs its sentence
set -u
case ${1-} in
  '' | --fix) ;;
  *) echo "docs/check.sh: unknown option $1, the nearest is --fix" >&2; exit 2 ;;
esac
[ $# -le 1 ] || { echo "docs/check.sh: expected at most one option, got $#" >&2; exit 2; }
cd "$(dirname "$0")/.." || exit 2
temp=$(mktemp -d) || exit 2
trap 'rm -rf "$temp"' EXIT
trap 'exit 130' INT TERM
pages=
for page in README.md docs/*.md; do [ ! -f "$page" ] || pages="$pages $page"; done
sources=$(find nn envs rl tests docs/programs -name '*.[ch]pp' | LC_ALL=C sort)

# shellcheck disable=SC2086  # file names are words
LC_ALL=C BUILD=${BUILD:-build} TEMP=$temp FIX=${1-} awk '
BEGIN {
  build = ENVIRON["BUILD"]; temp = ENVIRON["TEMP"]; fix = ENVIRON["FIX"] != ""
  list = "ls tests/exercises/ex[0-9][0-9]_*.cpp 2> /dev/null"
  while ((list | getline line) > 0) exercise[substr(line, match(line, /ex[0-9][0-9]_/) + 2, 2)] = 1
  close(list)
  for (i = 1; i < ARGC; ++i)
    if (ARGV[i] ~ /\.md$/) read_page(ARGV[i])
  for (i = 1; i < ARGC; ++i)
    if (ARGV[i] ~ /\.md$/) check_page(ARGV[i]); else check_source(ARGV[i])
  check_formulas()
  check_symbols()
  check_mutants()
  for (name in said_of) if (name in test_name) ++passed; else fail(said_of[name], "there is no TEST_CASE(\"" name "\")")
  check_figures()
  check_museum()
  check_verdicts("docs/diagnose.md")
  check_house("--arrows 2>&1 > /dev/null")
  check_house("--check 2>&1")
  printf "docs: %d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit failed > 0
}

function fail(where, why) { printf "%s: %s\n", where, why; ++failed; return 0 }
function skip(where, why) { printf "%s: skipped: %s\n", where, why; ++skipped }
function exists(file,  status, line) {
  if (!(file in exists_cache)) {
    status = -1
    if (file ~ /\.[a-z]+$/) { status = (getline line < file); close(file) }  # of a folder, some awk would stop here
    exists_cache[file] = status >= 0 || system("test -e \"" file "\"") == 0
  }
  return exists_cache[file]
}

function chapter(page) { return page ~ /^docs\/([0-9][0-9]-[^\/]*|what-cartpole-hides|one-theorem|diagnose)\.md$/ }

# The equations and headings of a page.
function read_page(page,  line, fence, rest, id, n) {
  while ((getline line < page) > 0) {
    ++n
    if (line ~ /^```/) { fence = fence == "" ? line : ""; continue }
    if (fence == "```math" && match(line, /\([0-9]+\.[0-9]+\)$/)) {
      id = substr(line, RSTART, RLENGTH)
      if (id in equation) fail(page ":" n, "an equation has the id " id ", and so has the one at " equation[id])
      else equation[id] = page ":" n
    }
    if (fence == "" && line ~ /^#+ /) {
      if (match(line, /^## [0-9]+\./)) section[page, substr(line, 4, RLENGTH - 4)] = 1
      rest = tolower(line)
      sub(/^#+ /, "", rest)
      gsub(/[^a-z0-9 _-]/, "", rest)
      gsub(/ /, "-", rest)
      heading[page, rest] = 1
    }
  }
  close(page)
  exists_cache[page] = 1
}

function check_page(page,  programs, most, line, fence, marker, block, n, first, text, changed, command, has_id, target, words, prose, whole, part, before) {
  n = changed = words = 0
  before = fence = marker = block = command = text = prose = ""
  while ((getline line < page) > 0) {
    ++n
    if (fence == "" || marker !~ /^from /) words += split(line, word_list)
    if (fence == "") {
      if (marker != "" && line !~ /^```/) {
        fail(page ":" n, "expected a code block below <!-- " marker " -->")
        marker = ""
      }
      if (match(line, /^<!-- (from|output of:|numbers from:) .* -->$/)) {
        marker = substr(line, 6, RLENGTH - 9)
        if (marker ~ /^numbers/) { command = substr(marker, 15); marker = "" }
      } else if (match(line, /^<!-- all of .* -->$/)) {
        programs[substr(line, 13, RLENGTH - 16)]
      } else if (line ~ /^```/) {
        fence = line; block = ""; first = n; has_id = 0
      } else if (line !~ /^<!--/) {
        check_prose(page ":" n, page, line, command)
        if (line ~ /^(1[.)]|[-+*]) / && before ~ /^[^ >-]/ && before !~ /^[0-9]+[.)] /)
          fail(page ":" n, "begins with " substr(line, 1, 2) ", and is a list to the forge")
        target = line
        sub(/^> ?/, "", target)
        prose = prose " " target
        if (target ~ /^\*\*The question of this chapter: /) part["the question of this chapter, in bold"]
        if (target ~ /^\*\*The mistakes? you are about to make\*\*/) part["a box with the mistake you are about to make"]
        if (target ~ /^## Read on/) part["a section Read on"]
      }
      text = text line "\n"
      before = line
    } else if (line ~ /^```/) {
      if (marker ~ /^from /) {
        target = check_quote(page ":" first, substr(marker, 6), block)
        if (target != block) changed = 1
        block = target
      } else if (marker ~ /^output of: /) {
        check_output(page ":" first, substr(marker, 12), block)
        part["something that a command prints"]
      }
      if (fence == "```math") note_symbols(page, "$`" block "`$")
      if (fence == "```math" && has_id) ++passed
      else if (fence == "```math" && page ~ /^docs\//)
        fail(page ":" first, "an equation without an id, (chapter.number) at a line end")
      text = text block line "\n"
      fence = marker = ""
    } else {
      block = block line "\n"
      if (fence == "```math") check_numbers(page ":" n, line, command)
      if (line ~ /\([0-9]+\.[0-9]+\)$/) has_id = 1
    }
  }
  close(page)
  if (fence != "") fail(page ":" first, "a code block without an end")
  check_names(page, prose)
  note_symbols(page, prose)
  whole = prose
  while (match(prose, /!\[[^\]]*\]\(/)) {
    if (RLENGTH < 40) fail(page, "a picture without an alternative text: " substr(prose, RSTART, 60)); else ++passed
    prose = substr(prose, RSTART + RLENGTH)
    part["a picture"]
  }
  for (target in programs) check_whole(page, target)
  if (chapter(page)) check_parts(page, whole, part)
  if (chapter(page) && page !~ /\/00-|hides|diagnose/) {
    most = 2500
    for (target in programs) most = 3000
    if (words < 1500 || words > most) fail(page, "has " words " words, expected 1500 to " most); else ++passed
  }
  if (changed && fix) {
    printf "%s", text > page
    close(page)
    print page ": quoted code copied from the sources again"
  }
}

# Tests and exercises that a page names.
function check_names(page, prose,  name, rest, number) {
  rest = prose
  gsub(/ +/, " ", rest)
  while (match(rest, /the test "[^"]+"/)) {
    name = substr(rest, RSTART + 10, RLENGTH - 11)
    said_of[name] = page
    rest = substr(rest, RSTART + RLENGTH)
  }
  rest = prose
  while (match(rest, /([Ee]xercises? |N=)[0-9][0-9]/)) {
    number = substr(rest, RSTART + RLENGTH - 2, 2)
    if (number in exercise) ++passed; else fail(page, "names exercise " number ", and there is none")
    rest = substr(rest, RSTART + RLENGTH)
  }
}

function check_parts(page, prose, part,  name, names, count, i, text, links, chosen) {
  count = split("the question of this chapter, in bold;a picture;something that a command prints;" \
    "a box with the mistake you are about to make;a section Read on", names, ";")
  for (i = 1; i <= count; ++i) if (names[i] in part) ++passed; else fail(page, "lacks " names[i])
  links = 0
  while (match(prose, /\[[^]]*\]\([^)]*\/ex[0-9][0-9]_/)) {
    text = substr(prose, RSTART + 1, 2)
    if (text != substr(prose, RSTART + RLENGTH - 3, 2)) fail(page, "the link [" text " ...] leads to another exercise")
    if (!(text in chosen)) { chosen[text] = 1; ++links }
    prose = substr(prose, RSTART + RLENGTH)
  }
  if (links < 2) fail(page, "names " links " exercises by number, expected two at least"); else ++passed
}

# Letters of formulas; those of the glossary are known.
function note_symbols(page, prose,  tex, name, glossary) {
  glossary = page == "docs/glossary.md"
  if (glossary) sub(/.*## Symbols/, "", prose)
  while (match(prose, /\$`[^`]*`\$/)) {
    tex = substr(prose, RSTART + 2, RLENGTH - 4)
    prose = substr(prose, RSTART + RLENGTH)
    gsub(/\\(text|begin|end)\{[^}]*\}/, "", tex)
    while (match(tex, /\\[A-Za-z]+|[A-Za-z]/)) {
      name = substr(tex, RSTART, RLENGTH)
      tex = substr(tex, RSTART + RLENGTH)
      if (glossary) known[name] = 1; else if (!(name in used)) used[name] = page
    }
  }
}
function check_symbols(  list, count, i, name) {
  count = split("Big big Longrightarrow approx bmod cdot cos ddot dots exp frac ge infty int le leftarrow lesssim lfloor rfloor log " \
    "lvert rvert max min mid ne neq partial pm prod qquad quad sim sin sqrt sum tanh times underbrace", list, " ")
  for (i = 1; i <= count; ++i) known["\\" list[i]] = 1
  for (name in used) if (name in known) ++passed; else fail(used[name], name " stands in a formula and not in the table of docs/glossary.md")
}

# Every line of a program stands in a region that the page quotes.
function check_whole(page, file,  line, n, shown, name, mark) {
  mark = "^ *" comment_of(file)
  while ((getline line < file) > 0) {
    ++n
    name = line
    sub(/.*region /, "", name)
    if (line ~ (mark "region ") && (page, file "#" name) in quoted) shown = name
    else if (line ~ (mark "endregion ") && name == shown) shown = ""
    else if (shown == "" && line !~ /^ *($|#[^i]|\/\/)/) { fail(page, "lacks a line of " file ", line " n ": " line); n = -1; break }
  }
  close(file)
  if (n > 0) ++passed; else if (!n) fail(page, "shows all of " file ", and there is no such file")
}
function comment_of(file) { return file ~ /\.py$/ ? "# " : "// #" }

# The headline of docs/what-cartpole-hides.md, counted from its table again. The last two cells of a row are
# CartPole with Adam and with SGD: "killed, 9 (0)", "499 (10)", or a dot where it never runs that code.
function check_mutants(  page, line, cell, n, harmless, met, adam, both, text, want) {
  page = "docs/what-cartpole-hides.md"
  while ((getline line < page) > 0) {
    if (line ~ /^[0-9]+ mistakes, /) { text = line; getline line < page; text = text " " line }
    if (line !~ /^\| \[.*\.mutant\)/) continue
    split(line, cell, / *\| */)
    ++n
    if (line ~ /\*harmless\*/) { ++harmless; continue }
    if (cell[8] == "·") continue
    ++met
    if (cell[8] ~ /^killed/) continue
    ++adam
    if (cell[9] != "·" && cell[9] !~ /^killed/) ++both
  }
  close(page)
  if (!n) return
  want = n " mistakes, " harmless " of them harmless. **CartPole runs the code of " met " bugs. Of these, " adam \
    " survive it with Adam, and " both " of them survive it with plain SGD too.**"
  if (index(text, want) == 1) ++passed; else fail(page, "the headline differs from the table, which says: " want)
}

# A quote: what it should be. Regions inside a region lose their markers.
function check_quote(where, marker, block,  hash, file, name, line, inside, indent, source, mark, page) {
  hash = index(marker, "#")
  file = substr(marker, 1, hash - 1); name = substr(marker, hash + 1)
  if (!hash || !exists(file)) { fail(where, "quotes " marker ", and there is no such file"); return block }
  inside = 0; source = ""
  mark = comment_of(file)
  page = where; sub(/:[0-9]+$/, "", page)
  quoted[page, marker]
  while ((getline line < file) > 0) {
    if (line ~ ("^ *" mark "endregion " name "$")) { inside = inside ? 2 : 0; break }
    if (inside && line !~ ("^ *" mark "(end)?region "))
      source = source (substr(line, 1, indent) ~ /^ *$/ ? substr(line, indent + 1) : line) "\n"
    if (line ~ ("^ *" mark "region " name "$")) { inside = 1; indent = index(line, mark) - 1 }
  }
  close(file)
  if (inside != 2) { fail(where, "quotes " marker ", and " file " has no such region"); return block }
  if (source == block) { ++passed; return block }
  if (fix) { ++passed; return source }
  fail(where, "differs from " marker "; --fix copies it again")
  printf "%s", block > (temp "/page"); close(temp "/page")
  printf "%s", source > (temp "/source"); close(temp "/source")
  system("cd \"" temp "\" && diff -U 0 page source | sed -n \"3,\\$ s/^[-+]/    &/p\"")
  return block
}

# What a command prints, in output[command, 1 ..]; 1 when it ran, 0 after saying why not.
function run(where, command,  shell, source, word, line, n) {
  if (command in lines) return lines[command] >= 0
  shell = command
  if (command ~ /^build\//) {
    split(substr(command, 7), word, " ")
    shell = "\"" build "/" word[1] "\"" substr(command, 7 + length(word[1]))
    if (!exists(build "/" word[1])) {
      source = word[1]; sub(/^bin\//, "", source)
      if (exists("rl/run/" source ".cpp") || exists("docs/programs/" source ".cpp")) skip(where, build "/" word[1] " is not built: make " build "/" word[1])
      else fail(where, "there is no program " command)
      lines[command] = -1
      return 0
    }
  }
  n = 0
  shell = shell " < /dev/null 2> /dev/null; echo \"status $?\""
  while ((shell | getline line) > 0) output[command, ++n] = line
  close(shell)
  lines[command] = n - 1
  if (output[command, n] == "status 0") return 1
  lines[command] = -1
  return fail(where, command " ended with " output[command, n])
}

function check_output(where, command, block,  want, count, start, i, best, far) {
  if (block == "") return fail(where, "an empty block, to be filled from what " command " prints")
  if (!run(where, command)) return
  sub(/\n$/, "", block)
  count = split(block, want, "\n")
  best = far = 0
  for (start = 1; start <= lines[command]; ++start) {
    for (i = 1; i <= count && start + i - 1 <= lines[command] && output[command, start + i - 1] == want[i]; ) ++i
    if (i > count) { ++passed; return }
    if (i - 1 > best) { best = i - 1; far = start + i - 1 }
  }
  fail(where, "line " best + 1 " of the block is not what " command " prints here (--fix cannot know which is right)")
  print "    -" want[best + 1]
  if (far && far <= lines[command]) print "    +" output[command, far]
}

# Prose: links first, then numbers.
function check_prose(where, page, line, command,  rest, target) {
  rest = line
  gsub(/`[^`]*`/, "", rest)
  while (match(rest, /\]\([^)]*\)|^\[[^]]*\]: *[^ ]+|(src|srcset|href)="[^"]*"/)) {
    target = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    sub(/^\]\(|^\[[^]]*\]: *|^[a-z]*="/, "", target)
    sub(/[)"]$/, "", target)
    check_link(where, page, target)
  }
  gsub(/\]\([^)]*\)/, "]", line)
  check_numbers(where, line, command)
}

function check_link(where, page, target,  fragment, file) {
  if (target ~ /^[a-z]+:/) return
  fragment = ""
  if (match(target, /#/)) { fragment = substr(target, RSTART + 1); target = substr(target, 1, RSTART - 1) }
  file = page
  if (target != "") { sub(/[^\/]*$/, "", file); file = file target }
  while (sub(/[^\/.]+\/\.\.\//, "", file)) continue
  linked[file] = 1
  if (!exists(file)) return fail(where, "a link leads to " target ", and there is no such file")
  if (file == "docs/playground/README.md" && fragment ~ /=/) fragment = ""  # what the page shows; docs/playground/browser.mjs looks
  if (fragment != "" && file ~ /\.md$/ && !((file, fragment) in heading))
    return fail(where, "a link leads to #" fragment ", and " file " has no such heading")
  ++passed
}

function check_numbers(where, line, command,  number, i) {
  if (command == "") return
  while (match(line, /[0-9]+\.[0-9][0-9][0-9]+/)) {
    number = substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
    if (!run(where, command)) return
    if (!(command in read_numbers)) read_output(command)
    if ((command, number) in printed) ++passed
    else fail(where, "the number " number " is not among those that " command " prints")
  }
}
function read_output(command,  i, line) {
  read_numbers[command] = 1
  for (i = 1; i <= lines[command]; ++i) {
    line = output[command, i]
    while (match(line, /[0-9]+\.[0-9]+/)) {
      printed[command, substr(line, RSTART, RLENGTH)] = 1
      line = substr(line, RSTART + RLENGTH)
    }
  }
}

# The equations that a line cites: Eq. (4.5), (4.6), joined by blanks.
function cited(line,  ids) {
  ids = ""
  while (match(line, /Eq\. \([0-9]+\.[0-9]+\)(, \([0-9]+\.[0-9]+\))*/)) {
    ids = ids " " substr(line, RSTART + 4, RLENGTH - 4)
    line = substr(line, RSTART + RLENGTH)
  }
  gsub(/,/, "", ids)
  return ids
}

function check_formulas(  id, page) {
  for (id in equation) {
    page = equation[id]; sub(/:.*/, "", page)
    if (!chapter(page)) continue
    if (id in tested) ++passed; else fail(equation[id], "no TEST_CASE cites Eq. " id)
  }
  for (id in tested)
    if (!(id in equation)) fail(tested[id], "a test proves Eq. " id ", and no page has it")
}

function check_figures(  folder, list, file) {
  if (!exists("docs/programs/book.cpp")) return
  if (!exists(build "/bin/book")) { skip("docs/figures", build "/bin/book is not built: make " build "/bin/book"); return }
  folder = temp "/figures"
  if (system("\"" build "/bin/book\" figures \"" folder "\"") != 0) { fail("docs/figures", "build/bin/book figures failed"); return }
  list = "ls \"" folder "\"; cd docs/figures && ls [0-9][0-9]-*.svg museum.svg 2> /dev/null"
  while ((list | getline file) > 0) {
    if (file in drawn) continue
    drawn[file] = 1
    if (system("cmp -s \"" folder "/" file "\" \"docs/figures/" file "\"") != 0)
      fail("docs/figures/" file, "is not what build/bin/book draws; build/bin/book figures docs/figures draws it again")
    else if (!(("docs/figures/" file) in linked)) fail("docs/figures/" file, "is shown on no page")
    else ++passed
  }
  close(list)
}

function check_museum(  folder) {
  folder = temp "/museum"
  if (!exists("tests/museum") || !exists(build "/bin/book")) return
  if (system("\"" build "/bin/book\" museum \"" folder "\" && diff -r \"" folder "\" tests/museum") != 0)
    fail("tests/museum", "is not what build/bin/book writes; build/bin/book museum tests/museum writes it again")
  else ++passed
}

function check_verdicts(page,  command, tables, count, line, old, new, inside) {
  if (!exists(page) || !exists(build "/bin/book")) return
  command = "\"" build "/bin/book\" verdicts"
  while ((command | getline line) > 0) { tables = tables line "\n"; count += line ~ /^\| `/ }
  close(command)
  while ((getline line < page) > 0) {
    old = old line "\n"
    if (line == "<!-- end of verdicts -->") inside = 0
    sub(/what [0-9]+ known mistakes/, "what " count " known mistakes", line)
    if (!inside) new = new line "\n"
    if (line ~ /^<!-- verdicts: /) { new = new tables; inside = 1 }
  }
  close(page)
  if (new == old) ++passed
  else if (fix) { printf "%s", new > page; close(page) }
  else fail(page, "its tables of mistakes are not what build/bin/book verdicts prints; --fix writes them again")
}

function check_house(option,  command, line, offences) {
  if (!exists("docs/house.sh")) return
  command = "sh docs/house.sh " option
  while ((command | getline line) > 0) { fail("docs/house.sh", line); ++offences }
  close(command)
  if (!offences) ++passed
}

function check_source(file,  line, n, id, page, test, head, name, above, ids, count, i) {
  test = file ~ /^tests\/.*\/test_[a-z_]*\.cpp$/
  head = 0; above = ""
  while ((getline line < file) > 0) {
    ++n
    if (test) {
      if (line ~ /^TEST_CASE\(/) { head = 1; name = "" }
      if (head && name == "" && split(line, word_list, "\"") > 1) { name = word_list[2]; test_name[name] = 1 }
      if (head || line ~ /^\/\/ /) above = above cited(line)
      else above = ""
      if (head && line ~ /\{( *\/\/.*)?$/) {
        count = split(above, ids, " ")
        for (i = 1; i <= count; ++i) tested[ids[i]] = file ":" n
        head = 0; above = ""
      }
    }
    if (match(line, /docs\/[A-Za-z0-9_-]+\.md(, section [0-9]+)?/)) {
      id = substr(line, RSTART, RLENGTH)
      page = id; sub(/,.*/, "", page)
      if (!exists(page)) fail(file ":" n, "names " page ", and there is no such page")
      else if (sub(/.* section /, "", id) && !((page, id) in section))
        fail(file ":" n, "names section " id " of " page ", and there is none")
      else ++passed
    }
    while (match(line, /Eq\. \([0-9]+\.[0-9]+\)/)) {
      id = substr(line, RSTART + 4, RLENGTH - 4)
      line = substr(line, RSTART + RLENGTH)
      if (id in equation) ++passed
      else fail(file ":" n, "cites Eq. " id ", and no page has it")
    }
  }
  close(file)
}
' $pages $sources
