# Shows that something long is at work. Sourced; `alive COMMAND` begins, and `alive_end` ends it. COMMAND prints what is
# waited for. On stderr: on a terminal one line, redrawn every second; elsewhere a line every ALIVE_EVERY seconds (30).
# It runs beside the work, so that the work keeps the keyboard and Ctrl-C, and ends when the script does.

# shellcheck shell=sh
alive() {
  (
    trap 'kill $nap 2> /dev/null; exit 0' TERM
    seconds=0
    while kill -0 $$ 2> /dev/null; do
      sleep 1 > /dev/null 2>&1 &
      nap=$!
      wait $nap
      seconds=$((seconds + 1))
      if [ -t 2 ] && [ "${TERM-dumb}" != dumb ]; then printf '\r\033[K%.79s' "$seconds s: $("$@")" >&2
      elif [ $((seconds % ${ALIVE_EVERY:-30})) -eq 0 ]; then echo "$seconds s: $("$@")" >&2
      fi
    done
  ) > /dev/null &
  alive_job=$!
}
alive_end() {
  kill "$alive_job" && wait "$alive_job"
  if [ -t 2 ] && [ "${TERM-dumb}" != dumb ]; then printf '\r\033[K' >&2; fi
}
