#!/bin/sh
# The tables of build/bench/bench, then what only whole programs show: time to solve CartPole over 100 seeds, two
# threads against one, memory. Called by `make bench`; with --json, all of it as one JSON document.
set -u
: "${BUILD:=build}"
work=$BUILD/bench

median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
column() { awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }' "$work/solve/seeds.csv"; }
percentile_95() { sort -g | awk '{ v[NR] = $1 } END { print v[int(0.95 * (NR - 1)) + 1] }'; }

threads() { "$work/fixed" train 512 16000000 "$1" | awk '{ print $4 }'; }  # wall seconds on so many threads

measure() {  # prints key=value
  "$BUILD/bin/run_cartpole" --seeds 100 --quiet --output "$work/solve" > /dev/null || exit 1
  echo "solved, of 100 seeds=$(column solved | grep -c 1)"
  for q in median percentile_95; do
    echo "timesteps to solve, $q=$(column solved_at_timesteps | $q)"
    echo "CPU milliseconds to solve, evaluation included, $q=$(column cpu_seconds | $q | awk '{ printf "%.2f", 1000 * $1 }')"
  done
  for timesteps in 100000 10000000; do
    echo "peak memory after $timesteps timesteps, MiB=$("$work/fixed" train 64 $timesteps | cut -d' ' -f3)"
  done
  # One after the other, and the median of the ratios: a machine that is slow for a second is slow for both.
  ratio=$(for _ in 1 2 3 4 5 6 7; do echo "$(threads 1) $(threads 2)"; done | awk '{ print $1 / $2 }' | median | awk '{ printf "%.2f", $1 }')
  echo "two threads are so many times as fast as one (wall clock)=$ratio"
}

case " $* " in
  *--json*)
    context=$(measure | tr , ';' | paste -s -d, -)
    "$work/bench" "$@" "--benchmark_context=$context" ;;
  *--benchmark_*) "$work/bench" "$@" ;;
  *)
    "$work/bench" "$@" || exit
    printf '\nprograms\n\n'
    measure | awk -F= '{ printf "%-66s%12s\n", $1, $2 }' ;;
esac
