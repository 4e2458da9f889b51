#!/bin/sh
# Ends the recipe of a program that did not end with 0. Usage: sh tests/make/end.sh STATUS MAKE
# After Ctrl-C the program has said what there is to say: MAKE, a process, gets the same signal before it learns of a failure, of
# which it would say a line. Where that signal is ignored, as in a background job of a script, the failure stays one.
set -u
[ "$1" -eq 130 ] && ! sh -c 'kill -INT $$' && kill -INT "$2" && sleep 1 || exit "$1"
