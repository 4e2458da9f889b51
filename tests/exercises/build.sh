# Builds the exercises. Sourced by exercises.sh, with `here` (tests/exercises) and `work` ($BUILD/exercises).
#
# A learner's files are put into one generated source, each in a namespace of its own, and built with the checks
# (tests/exercises/checks) into $BUILD/exercises/answers. When that does not compile, each file is compiled alone, and
# those that fail are left out.

# shellcheck shell=sh disable=SC2034,SC2154
numbers() { sed -n 's/^\([0-9][0-9]\) .*/\1/p' "$here/hints.txt" | uniq; }  # in the order of the book's chapters
last=$(numbers | sort | tail -n 1)
name() { set -- "$here"/solutions/ex"$1"_*.cpp; set -- "${1##*/}"; echo "${1%.cpp}"; }

# generate SOURCE FILE...: all of them in one source, written only when it changes.
generate() {
  source=$1; shift
  {
    echo '#include "tests/exercises/checks/check.hpp"'
    [ $# -eq 0 ] || sed -n '/^ *# *include *</p' "$@" | LC_ALL=C sort -u  # not inside a namespace
    for file in "$@"; do
      id=${file##*/}
      printf 'namespace %s {\n#include "%s"\n}\n' "${id%%_*}" "$file"
    done
    echo 'const std::vector<exercises::Entry> exercises::entries = {'
    for file in "$@"; do
      id=${file##*/ex}; id=${id%.cpp}; n=${id%%_*}
      echo "    {${n#0}, exercises::answer(ex$n::${id#*_})},"
    done
    echo '};'
  } > "$source.new"
  if cmp -s "$source.new" "$source"; then rm "$source.new"; else mv "$source.new" "$source"; fi
}
prepare() {  # what is the same for everyone; a first time shows what it does
  mkdir -p "$work/one"
  $MAKE -s "$BUILD/double/$here/checks/main.o" || exit 3
}
build() { $MAKE -k "$@" > "$work/build.log" 2>&1; }

# Compiles each file alone; the ones that fail are removed from $files.
leave_out_broken() {
  objects=
  for file in $1; do
    one=${file##*/}; one=$work/one/${one%%_*}
    generate "$one.cpp" "$file"
    objects="$objects $one.o"
  done
  # shellcheck disable=SC2086  # file names are words
  build $objects && return 1
  for object in $objects; do
    id=${object##*/}; id=${id%.o}
    [ ! -s "$work/one/$id.log" ] || files=$(echo "$files" | grep -v "/${id}_")
  done
}

# Builds what compiles, and leaves the states in $work/status: number, then open, done, wrong, broken or missing.
judge() {
  prepare
  files=
  for n in $(numbers); do
    file=$here/$(name "$n").cpp
    [ ! -f "$file" ] || files="$files
$file"
  done
  # shellcheck disable=SC2086  # file names are words
  generate "$work/answers.cpp" $files
  if ! build "$work/answers"; then
    # shellcheck disable=SC2086
    leave_out_broken "$(grep -L 'blank()' $files)"
    # shellcheck disable=SC2086
    generate "$work/answers.cpp" $files
    if ! build "$work/answers"; then
      leave_out_broken "$files"
      # shellcheck disable=SC2086
      generate "$work/answers.cpp" $files
      if ! build "$work/answers"; then
        echo "exercises: the checks do not build:" >&2
        tail -n 5 "$work/build.log" >&2
        exit 3
      fi
    fi
  fi
  "$work/answers" status > "$work/states" || { echo "exercises: $work/answers ended with an error" >&2; exit 3; }
  for n in $(numbers); do
    if [ -f "$here/$(name "$n").cpp" ]; then grep "^$n " "$work/states"; else echo "$n missing"; fi
  done > "$work/status"
}
