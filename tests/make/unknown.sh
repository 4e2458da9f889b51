#!/bin/sh
# What is near to a name that make does not know. Usage:
#   sh tests/make/unknown.sh variables NAME=VALUE...     a warning for each, with the right spelling for the targets GOALS
#   sh tests/make/unknown.sh target NAME KNOWN...        one line: the nearest of the KNOWN, and of those with a ##
set -u
kind=$1
shift

# nearest NAME KNOWN...: those that have NAME as a part, run for run-cartpole; else those with the fewest letters to
# change, of which there must be less than half.
nearest() {
  NAME=$1 awk 'BEGIN {
    name = ENVIRON["NAME"]
    most = least = int((length(name) > 4 ? length(name) : 4) / 2)
    for (i = 2; i < ARGC; ++i) {
      known = ARGV[i]
      if (index("-" known "-", "-" name "-")) parts = parts " " known
      d = distance(name, known)
      if (d < least) { least = d; near = "" }
      if (d == least && d < most) near = near " " known
    }
    print substr(parts != "" ? parts : near, 2)
  }
  function distance(a, b,  i, k, row, above, left, cost) {
    for (k = 0; k <= length(b); ++k) row[k] = k
    for (i = 1; i <= length(a); ++i) {
      above = row[0]; row[0] = i
      for (k = 1; k <= length(b); ++k) {
        cost = above + (substr(a, i, 1) != substr(b, k, 1))
        above = row[k]
        left = row[k - 1] + 1
        row[k] = cost < left ? cost : left
        if (above + 1 < row[k]) row[k] = above + 1
      }
    }
    return row[length(b)]
  }' "$@"
}
warn() {  # warn NAME=VALUE
  name=${1%%=*} value=${1#*=}
  options=$(sed -n 's/.*"\(-q,\)\{0,1\}--\([a-z-]*\)".*/\2/p' rl/app/*_options.cpp 2> /dev/null) dashes=--
  case " ${GOALS-} " in *" run-textbook "*) options=seed dashes= ;; esac  # its only word, a number
  # shellcheck disable=SC2046,SC2086  # names are words
  set -- $(nearest "$(echo "$name" | tr 'A-Z_' 'a-z-')" $(echo "$settings" | tr 'A-Z_' 'a-z-') $options)
  [ $# -eq 0 ] || case " $(echo "$settings" | tr 'A-Z_\n' 'a-z- ') " in
    *" $1 "*) set -- "$(echo "$1" | tr 'a-z-' 'A-Z_')=$value" ;;
    *) grep -q "flag(\"[^\"]*--$1\"" rl/app/*_options.cpp && value=
       if [ -n "$dashes" ]; then set -- "ARGS=\"--$1${value:+ $value}\""; else set -- "ARGS=$value"; fi ;;
  esac
  if [ $# -eq 0 ]; then echo "make: warning: unknown variable $name; make help names the settings"
  else echo "make: warning: unknown variable $name; the right spelling is $1"
  fi
}

case $kind in
  variables)
    settings=$SETTINGS
    for one in "$@"; do warn "$one"; done ;;
  target)
    name=$1
    shift
    # shellcheck disable=SC2046  # names are words
    set -- $(sed -n 's/^\([a-z-]*\):.*##.*/\1/p' Makefile tests/*/rules.mk) "$@"
    near=$(nearest "$name" "$@")
    case $name in run-* | watch-*) [ -n "$near" ] || near=$(printf '%s\n' "$@" | grep "^${name%%-*}-" | xargs) ;; esac
    case $name in */* | *.*) what='target or file' ;; *) what=target ;; esac
    echo "there is no $what $name${near:+; the nearest: make $(echo "$near" | sed 's/ /, make /g')} (see make help)" ;;
  *) echo "unknown.sh: expected variables or target, got $kind" >&2; exit 2 ;;
esac
