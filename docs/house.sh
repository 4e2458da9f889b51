#!/bin/sh
# The house: which folder uses which, read from the #include lines of nn, envs, rl and docs/programs.
# Usage: sh docs/house.sh            draws docs/figures/house.svg
#        sh docs/house.sh --check    is that figure what would be drawn? Lines of code may be off by a tenth
#        sh docs/house.sh --arrows   prints every arrow, "from to", and fails with one line for each that must not be:
#   a circle                         between folders
#   nn, envs                         include nothing of each other, nor of rl; nothing in the house includes docs or tests
#   rl                               the lesson, the files directly in it, includes no folder of rl; rl/diagnose only nn/io
#   files, threads, signals          and command lines or JSON in nn, envs, the lesson, rl/training, rl/diagnose and the headers of
#                                    rl/sampling and nn/io: these run in a browser too
#   CLI11, nlohmann-json             are included by one .cpp each
#   std::from_chars, std::to_chars   stand in nn/io/number alone: a browser's library has them for whole numbers only
#        sh docs/house.sh --table    prints each folder: files, lines of headers, lines of sources, the longest file
set -u
mode=${1-}
case $mode in
  '' | --check | --arrows | --table) ;;
  *) echo "docs/house.sh: unknown option $mode; there are --check, --arrows, --table" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.." || exit 2
figure=docs/figures/house.svg

# Where each folder stands: row and column, from the top left; and what it is. A star marks the lesson.
# An arrow must lead to a lower row, so this is also the order in which the folders build on one another.
places='
0 0   docs/programs   numbers of the book
0 1   rl/run          the programs
1 0   rl/oracle       the exact gradient
1 1   rl/watch        a policy at work
1 2   rl/app          options, reports
2 1   rl/training     train and evaluate
2 2   rl/diagnose     finds your mistake
3 1   rl/sampling     play many episodes
4 1 * rl              REINFORCE to PPO
4 2   rl/terminal     the screen
5 0 * envs            CartPole and others
5 1 * nn              a neural network
6 1   nn/arithmetic   vectors and products
6 2   nn/io           files, safetensors
'

house() {  # house WHAT: --table, --arrows, or the drawing
  # shellcheck disable=SC2046  # file names are words
  LC_ALL=C WHAT=$1 PLACES=$places awk "$program" $(find nn envs rl docs/programs -name '*.[ch]pp' 2> /dev/null | LC_ALL=C sort)
}

# shellcheck disable=SC2016  # awk has dollars of its own
program='
function folder(file,  word, n) {  # its first two parts: what stands deeper belongs to them
  n = split(file, word, "/")
  return n > 2 ? word[1] "/" word[2] : word[1]
}
function inside(name, whole) { return name == whole || index(name, whole "/") == 1 }
function complain(line) { ++offences; print line | "cat 1>&2" }

BEGIN {
  what = ENVIRON["WHAT"]
  for (i = 1; i < ARGC; ++i) {
    name = folder(ARGV[i])
    if (!(name in files)) folders[++folder_count] = name
    ++files[name]
  }
}
{ ++lines[FILENAME] }
/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
  split($0, part, /[<">]/)
  note(FILENAME, part[2])
}
what == "--arrows" && /std::(from|to)_chars *\(/ && FILENAME !~ /^(nn\/io\/number\.|docs\/)/ {
  complain(FILENAME ", line " FNR ": numbers are read and printed by nn/io/number.hpp, not by std::from_chars or std::to_chars")
}
END {
  sort_folders()
  if (what == "--table") table()
  else if (what == "--arrows") arrows()
  else draw()
  exit offences > 0
}

# An include: an arrow, if it leads to another folder of the house, or an offence.
function note(file, included,  from, to) {
  from = folder(file); to = included
  to = to ~ /\// ? folder(included) : from
  if (to in files && to != from) {
    if (!((from, to) in because)) because[from, to] = file " includes " included
    arrow[from, to] = 1
  }
  if (what == "--arrows") judge(file, included, from, to)
}
function judge(file, included, from, to) {
  if (from !~ /^docs/ && to ~ /^(docs|tests)/) offend(file, included, "nothing in nn, envs or rl uses docs or tests")
  if (inside(from, "nn") && (inside(to, "envs") || inside(to, "rl"))) offend(file, included, "nn knows nothing of envs and rl")
  if (inside(from, "envs") && (inside(to, "nn") || inside(to, "rl"))) offend(file, included, "envs knows nothing of nn and rl")
  if (from == "rl" && to ~ /^rl\//) offend(file, included, "the lesson, rl, stands on no folder of rl")
  if (from == "rl/diagnose" && included ~ /^(nn|envs|rl|docs|tests)\// && to != from && to != "nn/io")
    offend(file, included, "rl/diagnose stands on nn/io alone")
  if (included ~ /^(filesystem|thread|mutex|condition_variable|csignal|signal\.h)$|^(CLI|nlohmann)\// && runs_in_a_browser(file, from))
    offend(file, included, "no files, threads, signals, command lines or JSON in " from ", which runs in a browser too")
  if (included ~ /^(CLI|nlohmann)\//) {
    sub(/\/.*/, "", included)
    if (file !~ /\.cpp$/) complain(file " includes " included ": it stands in one .cpp, and in no header")
    else if (included in only && only[included] != file) complain(file " includes " included ", and so does " only[included] ": one .cpp is enough")
    else only[included] = file
  }
}
function runs_in_a_browser(file, from) {
  return from == "nn" || from == "nn/arithmetic" || from == "envs" || from == "rl" || from == "rl/diagnose" || from == "rl/training" || ((from == "nn/io" || from == "rl/sampling") && file ~ /\.hpp$/)
}
function offend(file, included, why) { complain(file " includes " included ": " why) }

function sort_folders(  i, k, name) {
  for (i = 2; i <= folder_count; ++i) {
    name = folders[i]
    for (k = i - 1; k > 0 && folders[k] > name; --k) folders[k + 1] = folders[k]
    folders[k + 1] = name
  }
}

function arrows(  i, k) {
  for (i = 1; i <= folder_count; ++i)
    for (k = 1; k <= folder_count; ++k)
      if ((folders[i], folders[k]) in arrow) print folders[i], folders[k]
  for (i = 1; i <= folder_count; ++i) if (!(folders[i] in told)) circle(folders[i])
}
# The shortest way from a folder back to itself, breadth first; each circle is told once.
function circle(start,  queue, head, tail, from, to, i, before, line) {
  queue[tail = 1] = start
  for (head = 1; head <= tail; ++head) {
    from = queue[head]
    for (i = 1; i <= folder_count; ++i) {
      to = folders[i]
      if (!((from, to) in arrow)) continue
      if (to == start) {
        line = because[from, to]
        for (to = from; ; to = before[to]) {
          told[to] = 1
          if (to == start) break
          line = because[before[to], to] ", " line
        }
        complain("a circle of folders: " line)
        return
      }
      if (!(to in before)) { before[to] = from; queue[++tail] = to }
    }
  }
}

function table(  i, f, name, file, headers, sources, longest, all_files, all_headers, all_sources) {
  printf "%-16s%6s%9s%9s   %s\n", "folder", "files", "headers", "sources", "longest file"
  for (i = 1; i <= folder_count; ++i) {
    name = folders[i]; headers = sources = 0; longest = ""
    for (f = 1; f < ARGC; ++f) {
      file = ARGV[f]
      if (folder(file) != name) continue
      if (file ~ /\.hpp$/) headers += lines[file]; else sources += lines[file]
      if (longest == "" || lines[file] + 0 > lines[longest] + 0) longest = file
    }
    printf "%-16s%6d%9d%9d   %d %s\n", name, files[name], headers, sources, lines[longest], longest
    all_files += files[name]; all_headers += headers; all_sources += sources
  }
  printf "%-16s%6d%9d%9d\n", "all", all_files, all_headers, all_sources
}

# The picture. Pixels; y grows downwards.
function draw(  i, k, m, a, b) {
  width = 640; margin = 26; box_width = 176; box_height = 80; between = 30; below = 50; top = 62
  ink = "#222222"; grey = "#666666"; line_colour = "#8a94a0"; blue = "#0072b2"
  read_places()
  count_lines()
  for (i = 1; i <= folder_count; ++i) {
    a = folders[i]
    if (!(a in row)) complain("the folder " a " has no place in the picture; give it one in docs/house.sh")
    for (k = 1; k <= folder_count; ++k) {
      b = folders[k]
      if (!((a, b) in arrow) || !(a in row) || !(b in row)) continue
      if (row[a] < row[b]) down[a, b] = 1
      else complain("the arrow from " a " to " b " does not lead downwards: " because[a, b])
    }
  }
  reach()
  height = top + (rows + 1) * box_height + rows * below + 68
  head()
  for (i = 1; i <= placed; ++i)
    for (k = 1; k <= placed; ++k)
      if ((place[i], place[k]) in down && !follows(place[i], place[k])) edge(place[i], place[k])
  lay_ports()
  for (i = 1; i <= edges; ++i) draw_edge(i)
  for (i = 1; i <= placed; ++i) box(place[i])
  text(width / 2, height - 36, 14, grey, 0, "An arrow leads to a folder whose headers are used.")
  text(width / 2, height - 16, 14, grey, 0, "Arrows that follow from others are left out.")
  print "</svg>"
}
function read_places(  list, count, i, word, n, k, name) {
  count = split(ENVIRON["PLACES"], list, "\n")
  for (i = 1; i <= count; ++i) {
    n = split(list[i], word, " ")
    k = word[3] == "*" ? 4 : 3
    name = word[k]
    if (n < k || !(name in files)) continue
    place[++placed] = name
    lesson[name] = k == 4
    row[name] = word[1] + 0
    left[name] = margin + word[2] * (box_width + between)
    while (++k <= n) phrase[name] = phrase[name] (phrase[name] == "" ? "" : " ") word[k]
    if (row[name] > rows) rows = row[name]
  }
}
function count_lines(  f) { for (f = 1; f < ARGC; ++f) size[folder(ARGV[f])] += lines[ARGV[f]] }
# Two digits of a number say enough, and need not be drawn anew with every line.
function rounded(n,  unit) {
  for (unit = 1; n / unit >= 99.5; ) unit *= 10
  n = int(n / unit + 0.5) * unit
  return n < 1000 ? n : int(n / 1000) "," substr(1000 + n % 1000, 2)
}

# Who reaches whom downwards. An arrow that leads where another way leads too need not be drawn.
function reach(  i, k, m) {
  for (i = 1; i <= placed; ++i) for (k = 1; k <= placed; ++k) if ((place[i], place[k]) in down) reached[place[i], place[k]] = 1
  for (m = 1; m <= placed; ++m)
    for (i = 1; i <= placed; ++i)
      for (k = 1; k <= placed; ++k)
        if ((place[i], place[m]) in reached && (place[m], place[k]) in reached) reached[place[i], place[k]] = 1
}
function follows(a, b,  m) {
  for (m = 1; m <= placed; ++m) if ((a, place[m]) in reached && (place[m], b) in reached) return 1
  return 0
}

function centre(name) { return left[name] + box_width / 2 }
function row_top(r) { return top + r * (box_height + below) }
# An edge passes the rows between beside their boxes, straight on where it can: at[e, r] is its x there.
function edge(a, b,  r, x) {
  ++edges; from[edges] = a; to[edges] = b
  x = centre(b)
  for (r = row[a] + 1; r < row[b]; ++r) at[edges, r] = x = passage(r, x, a, b)
  at[edges, row[b]] = centre(b)
}
# The free x of a row nearest to the wanted one; of two, the one nearer to where the arrow comes from, and then the outer.
# Only arrows to the same folder share one.
function passage(r, wanted, a, b,  i, k, x, low, high, far, best, least) {
  least = -1
  for (i = 0; i <= placed; ++i) {  # to the right of box i, or of the left edge
    if (i > 0 && row[place[i]] != r) continue
    low = i ? left[place[i]] + box_width + 12 : 14
    high = width - 14
    for (k = 1; k <= placed; ++k)
      if (row[place[k]] == r && left[place[k]] + box_width > low && left[place[k]] - 12 < high) high = left[place[k]] - 12
    if (low > high) continue
    x = wanted < low ? low : wanted > high ? high : wanted
    far = 10000 * distance(x, wanted) + 10 * distance(x, centre(a)) - distance(x, width / 2) / 100
    if (least == -1 || far < least) { least = far; best = x }
  }
  while ((r, best) in taken && taken[r, best] != b) best += best < width / 2 ? -7 : 7
  taken[r, best] = b
  return best
}
function distance(a, b) { return a < b ? b - a : a - b }

# Arrows leave a box side by side, in the order of where they go, one that goes straight down from the middle; all arrive
# at the middle.
function lay_ports(  i, k, side, nearer) {
  for (i = 1; i <= edges; ++i) {
    side = aim(i) < centre(from[i]) ? -1 : aim(i) > centre(from[i]) ? 1 : 0
    nearer = 1
    for (k = 1; k <= edges; ++k)
      if (from[k] == from[i] && k != i && (aim(k) - centre(from[i])) * side > 0 &&
          ((aim(k) - aim(i)) * side < 0 || (aim(k) == aim(i) && k < i))) ++nearer
    port[i] = centre(from[i]) + side * nearer * 20
  }
}
function aim(e) { return at[e, row[from[e]] + 1] }

function head() {
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">\n", width, height, width, height
  print "<title>The folders of onehot, and which uses which</title>"
  print "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#ffffff\"/>"
  text(margin, 36, 18, ink, 1, "The house: what stands on what", "start")
  text(width - margin, 36, 15, blue, 1, "blue: the lesson", "end")
}
function text(x, y, size_, colour, bold, words, anchor) {
  printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"%s\"%s>%s</text>\n",
    x, y, (anchor == "" ? "middle" : anchor), size_, colour, (bold ? " font-weight=\"bold\"" : ""), words
}
function box(name,  x, y) {
  x = left[name]; y = row_top(row[name])
  printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\" stroke=\"%s\" stroke-width=\"%d\"/>\n",
    x, y, box_width, box_height, (lesson[name] ? "#e6f1f8" : "#f7f8f9"), (lesson[name] ? blue : "#c4cad0"), (lesson[name] ? 2 : 1)
  text(centre(name), y + 26, 18, lesson[name] ? blue : ink, 1, name)
  text(centre(name), y + 47, 15, ink, 0, phrase[name])
  text(centre(name), y + 68, 14, grey, 0, files[name] " files, " rounded(size[name]) " lines")
}
function draw_edge(e,  r, x, y, next_x, next_y, path) {
  x = port[e]; y = row_top(row[from[e]]) + box_height
  path = sprintf("M%.1f,%.1f", x, y)
  for (r = row[from[e]] + 1; r <= row[to[e]]; ++r) {
    next_x = at[e, r]; next_y = row_top(r) - (r == row[to[e]] ? 8 : 0)
    path = path sprintf(" C%.1f,%.1f %.1f,%.1f %.1f,%.1f", x, y + below / 2, next_x, next_y - below / 2, next_x, next_y)
    x = next_x; y = row_top(r)
    if (r < row[to[e]]) { y += box_height; path = path sprintf(" V%.1f", y) }
  }
  printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>\n", path, line_colour
  printf "<polygon points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\" fill=\"%s\"/>\n", x, y, x - 5, y - 9, x + 5, y - 9, line_colour
}
'

case $mode in
  --table | --arrows) house "$mode"; exit ;;
esac
new=$(mktemp) || exit 2
trap 'rm -f "$new"' EXIT
trap 'exit 130' INT TERM
house draw > "$new"
status=$?
if [ -z "$mode" ]; then cp "$new" "$figure"; exit "$status"; fi
# The same lines, but that a number of lines of code may be a tenth more or less.
alike() {
  [ -f "$figure" ] && awk '
{ about = 0 }
match($0, / files, [0-9,]+ lines</) {
  about = substr($0, RSTART + 8, RLENGTH - 14)
  gsub(/,/, "", about)
  about += 0
  sub(/ files, [0-9,]+ lines</, " files, so many lines<")
}
NR == FNR { line[FNR] = $0; number[FNR] = about; count = FNR; next }
$0 != line[FNR] || about > number[FNR] * 1.1 || about < number[FNR] * 0.9 { differ = 1 }
END { exit differ || FNR != count }
' "$figure" "$new"
}
alike || { echo "$figure is not what docs/house.sh draws; sh docs/house.sh draws it again"; exit 1; }
exit "$status"
