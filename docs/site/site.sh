#!/bin/sh
# Builds docs/*.md as one static site that needs no network: make docs. Usage: sh docs/site/site.sh DIR
# The reading order is that of the links in docs/README.md; a page that stands there nowhere comes last. Sources that a page
# links become pages of their own. The same pages in the same order become one book, DIR/onehot.epub. Ends with 1 when a link
# leads nowhere.
set -eu
[ $# -eq 1 ] || { echo "site.sh: expected a folder, got $# words" >&2; exit 2; }
cd "$(dirname "$0")/../.."
out=$1
command -v pandoc > /dev/null || { echo "site.sh: expected pandoc, got none; the pages in docs read as they are" >&2; exit 1; }
katex=
for place in ${KATEX:-} /usr/share/javascript/katex /usr/share/katex; do
  [ -n "$katex" ] || [ ! -f "$place/katex.min.js" ] || katex=$place
done
[ -n "$katex" ] || { echo "site.sh: expected KaTeX in /usr/share/javascript/katex, got nothing there; KATEX=DIR names another place" >&2; exit 1; }

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
SOURCES=$temp/sources
INDEX=$temp/index
export SOURCES INDEX
: > "$SOURCES"
: > "$INDEX"
rm -rf "$out"
mkdir -p "$out/katex"
cp -r docs/figures "$out/"
cp docs/site/style.css docs/site/site.js "$out/"
cp -rL "$katex/katex.min.js" "$katex/katex.min.css" "$katex/fonts" "$out/katex/"

# The title of a page; a chapter whose heading has no number gets it from the contents.
title_of() {
  number=$(sed -n "s/^| \([0-9]*\) | \[[^]]*\]($1\.md).*/\1/p" docs/README.md)
  heading_of "$1" | { IFS= read -r heading; case $heading in [0-9]*) number= ;; esac; echo "${number:+$number. }$heading"; }
}
heading_of() { sed -n 's/^# *//p' "docs/$1.md" | head -n 1 | tr -d '`' | sed 's/&/\&amp;/g; s/</\&lt;/g'; }
order=$({ grep -o '([A-Za-z0-9_-]*\.md)' docs/README.md | sed 's/(//; s/\.md)//'; ls docs/*.md | sed 's/docs\///; s/\.md$//'; } | grep -v '^README$' | awk '!seen[$0]++')
for page in $order; do printf '<li><a href="%s.html">%s</a></li>\n' "$page" "$(title_of "$page")"; done > "$temp/pages"

render() {  # render SOURCE TARGET ROOT TITLE TURN [OPTIONS OF PANDOC...]
  source=$1 target=$2 root=$3 title=$4 turn=$5
  shift 5
  sed "s|href=\"$target\"|aria-current=\"page\" &|; s|href=\"|href=\"$root|" "$temp/pages" > "$temp/list"
  pandoc --from gfm+tex_math_dollars+implicit_figures-yaml_metadata_block --to html5 --katex=unused --lua-filter docs/site/site.lua \
    --template docs/site/page.html --variable pagetitle="$title" --variable root="$root" --variable pages="$(cat "$temp/list")" \
    --variable turn="$turn" "$@" --output "$out/$target" "$source"
}

link() { [ -z "$1" ] || printf '<a href="%s.html">%s</a>' "$1" "$2$(title_of "$1")$3"; }
render docs/README.md index.html "" "$(title_of README)" "<span></span>$(link "$(echo "$order" | head -n 1)" '' ' →')" --metadata page=index.html
previous=
for page in $order; do
  next=$(echo "$order" | awk -v page="$page" 'found { print; exit } $0 == page { found = 1 }')
  back=$(link "$previous" '← ' '')
  render "docs/$page.md" "$page.html" "" "$(title_of "$page")" "${back:-<a href=\"index.html\">← Contents</a>}$(link "$next" '' ' →')" \
    --metadata page="$page.html"
  previous=$page
done

sort -u "$SOURCES" | while read -r source; do
  [ -f "$source" ] || { echo "docs: a page links $source, and there is no such file" >&2; continue; }
  mkdir -p "$out/source/$(dirname "$source")"
  root=../$(dirname "$source" | sed 's|[^/][^/]*|..|g')/
  language=$(case $source in *.cpp | *.hpp) echo cpp ;; *.sh) echo bash ;; esac)
  { echo "# $source"; echo; echo "\`\`\`\`\`$language"; cat "$source"; echo '`````'; } > "$temp/source.md"
  render "$temp/source.md" "source/$source.html" "$root" "$source" "<a href=\"${root}index.html\">← Contents</a>"
done

# The page that trains and diagnoses. Its modules are those that make web has built beside the site; without, it says so.
mkdir -p "$out/playground"
cp docs/playground/playground.js docs/playground/panels.js docs/playground/playground.css "$out/playground/"
for module in train diagnose pong; do
  [ ! -f "$(dirname "$out")/web/$module.js" ] || cp "$(dirname "$out")/web/$module.js" "$out/playground/"
done
{
  echo '```{=html}'
  awk '
    /^<!-- example: / { sub(/^<!-- example: /, ""); sub(/ -->$/, ""); at = match($0, /, [^,]*$/); file = substr($0, at + 2)
      printf "<script type=\"text/plain\" data-example=\"%s\">\n", substr($0, 1, at - 1)
      while ((getline line < file) > 0) print line
      print "</script>"; next }
    { print }' docs/playground/page.html
  echo '```'
} > "$temp/playground.md"
render "$temp/playground.md" playground.html "" "Try it" '<a href="index.html">← Contents</a>' --from markdown --variable class=try \
  --variable head='<link rel="stylesheet" href="playground/playground.css"><script defer src="playground/playground.js"></script><script defer src="playground/panels.js"></script>'
echo '["playground.html","Try it","","","The playground in the browser: train it, break it by a planted mistake, one step by hand, have your own numbers diagnosed."],' >> "$INDEX"

{ echo 'onehotIndex = ['; cat "$INDEX"; echo ']'; } > "$out/search-index.js"

# The EPUB: mathematics as MathML, figures inside.
{
  for page in README $order; do printf '\n<!-- page: %s -->\n\n' "$page"; cat "docs/$page.md"; done
} > "$temp/book.md"
pandoc --from gfm+tex_math_dollars+implicit_figures-yaml_metadata_block --to epub3 --mathml --toc --toc-depth=2 --lua-filter docs/site/epub.lua \
  --css docs/site/epub.css --resource-path docs --metadata title='onehot: from the equation of REINFORCE to a network that learns' \
  --metadata lang=en --metadata identifier=onehot-book --output "$out/onehot.epub" "$temp/book.md"
echo "the book as one file: $out/onehot.epub"

# Every link of every page leads to a file, and every #fragment to an id.
find "$out" -name '*.html' | LC_ALL=C sort | awk -v out="$out/" '
  { page[++pages] = $0 }
  END {
    for (i = 1; i <= pages; ++i) {
      while ((getline line < page[i]) > 0) {
        rest = line
        while (match(rest, / id="[^"]*"/)) { id[page[i], substr(rest, RSTART + 5, RLENGTH - 6)] = 1; rest = substr(rest, RSTART + RLENGTH) }
        rest = line
        while (match(rest, / (href|src)="[^"]*"/)) { target = substr(rest, RSTART, RLENGTH); sub(/^ [a-z]*="/, "", target); sub(/"$/, "", target)
          links[++count] = target; from[count] = page[i]; rest = substr(rest, RSTART + RLENGTH) }
      }
      close(page[i])
    }
    for (i = 1; i <= count; ++i) {
      if (links[i] ~ /^[a-z]+:/) continue
      sub(/playground\.html#.*=.*/, "playground.html", links[i])  # not a place, but what the page shows: docs/playground/check.mjs
      fragment = ""; file = links[i]
      if (match(file, /#/)) { fragment = substr(file, RSTART + 1); file = substr(file, 1, RSTART - 1) }
      folder = from[i]; sub(/[^\/]*$/, "", folder)
      file = file == "" ? from[i] : folder file
      while (sub(/[^\/.]+\/\.\.\//, "", file)) continue
      if (!(file in there)) there[file] = system("test -e \"" file "\"") == 0
      if (!there[file] || (fragment != "" && !((file, fragment) in id))) { print "docs: " from[i] " links " links[i] ", and there is no such place"; bad = 1 }
      else ++good
    }
    printf "%d pages, %d links lead somewhere: %sindex.html\n", pages, good, out
    exit bad
  }'
