#!/bin/sh
# Does the page "Try it" do what it says? Checks its links in the chapters, then, where there are Node and the modules of
# `make web`, the modules, and where there is Chromium as well, the page itself. Builds no module and installs nothing, but
# with WITH_AXE=1 the judge of accessibility, by npm. WEB_FULL=1 trains ten seeds of every planted mistake besides.
# Usage: BUILD=build [WITH_AXE=1] [WEB_FULL=1] sh docs/playground/test.sh; ends with one line, web: N passed, N failed, N skipped.
set -u
: "${BUILD:=build}"
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0 skipped=0
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT

# Each key of a link is a control of the page, or one of those that README.md lists beside them.
for key in $(grep -oh '(playground/README\.md#[^)]*)' docs/*.md | sed 's/^[^#]*#//; s/)$//' | tr '&' '\n' | sed 's/=.*//' | sort -u); do
  if grep -q "id=\"$key\"" docs/playground/page.html || grep -q "^|.*\`$key\`.*|.*|$" docs/playground/README.md; then passed=$((passed + 1))
  else failed=$((failed + 1)); echo "FAILED a chapter asks the page for $key, and it has no such control"
  fi
done

# As little JavaScript as a reader would look through.
size=$(wc -c < docs/playground/playground.js)
if [ "$size" -lt 20000 ]; then passed=$((passed + 1))
else failed=$((failed + 1)); echo "FAILED playground.js: expected less than 20000 bytes, got $size"
fi

count() {  # count COMMAND...: adds what its last line counts
  "$@" > "$log" 2>&1
  status=$?
  # shellcheck disable=SC2046  # three numbers
  set -- $(sed -n 's/^[a-z]*: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
  passed=$((passed + ${1:-0})) failed=$((failed + ${2:-0})) skipped=$((skipped + ${3:-0}))
  if [ $# -ne 3 ] || { [ $status -ne 0 ] && [ "$2" -eq 0 ]; }; then failed=$((failed + 1)); echo "FAILED to run to its end, status $status"; fi
  grep -v '^[a-z]*: [0-9]* passed' "$log"
}
lacks() { skipped=$((skipped + 1)); echo "skipped: $1"; }

for name in ${CHROMIUM:-chromium chromium-browser google-chrome}; do command -v "$name" > /dev/null && { CHROMIUM=$name; export CHROMIUM; break; }; done
quick=--quick
[ -z "${WEB_FULL-}" ] || quick=
if ! command -v node > /dev/null; then lacks "Node is not installed: the page in the browser is not tested"
elif [ ! -f "$BUILD/web/train.js" ]; then lacks "make web has not been run: the page in the browser is not tested"
elif ! ${MAKE:-make} -q BUILD="$BUILD" "$BUILD/web/train.js" "$BUILD/web/diagnose.js" > "$log" 2>&1
then lacks "the C++ is newer than the modules of make web: the page in the browser is not tested"
else
  # shellcheck disable=SC2086  # a word or none
  count node docs/playground/check.mjs "$BUILD" $quick
  if ! command -v "${CHROMIUM:-chromium}" > /dev/null; then lacks "Chromium is not installed: the page in the browser is not tested"
  elif [ -n "$(find docs "$BUILD/web/train.js" "$BUILD/web/diagnose.js" -type f -newer "$BUILD/docs/playground.html" 2>&1 | head -n 1)" ] &&
    ! sh docs/site/site.sh "$BUILD/docs" > "$log" 2>&1  # it is older than what it is made of, or was never built
  then lacks "the site cannot be built: $(tail -n 1 "$log")"
  else
    axe=$BUILD/web/node_modules/axe-core/axe.min.js
    [ -z "${WITH_AXE-}" ] || [ -f "$axe" ] || npm install --silent --no-save --no-audit --no-fund --prefix "$BUILD/web" axe-core > /dev/null 2>&1
    # shellcheck disable=SC2086
    count node docs/playground/browser.mjs "$BUILD/docs" "$BUILD/bin/run_cartpole" $quick
  fi
fi
echo "web: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
