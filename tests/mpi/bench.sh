#!/bin/sh
# How long it takes over MPI to exchange the gradients, and how fast a training is, on 1, 2 and 4 processes of this machine, on
# one thread each; and what follows for 64 and 1,024.
# Usage: BUILD=build [ROUNDS=5] sh tests/mpi/bench.sh; of each the quickest in ROUNDS rounds in which the cases take turns, for
# others may be at work.
set -u
: "${BUILD:=build}" "${ROUNDS:=5}"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
small=1476 large=1641024  # bytes of a group: CartPole 4-32-2, 32 episodes; Pong 6400-64-1, 128 points (tests/rl/sampling/test_ranks.cpp)

trains() {  # trains NAME RANKS PROGRAM OPTION...: adds a line, NAME, RANKS, timesteps a second and milliseconds an update, of its quickest eight updates
  key="$1 $2" n=$2 program=$3
  shift 3
  set -- "$@" --learning-rate 1e-9 --threads 1 --episodes 1 --quiet --output "$work/run"  # learns nothing: the work is the same
  if [ "$n" = 0 ]; then "$BUILD/bin/$program" "$@" > /dev/null
  else RANKS=$n sh tests/mpi/run.sh "$BUILD/bin/${program}_mpi" "$@" > /dev/null
  fi || exit 1
  awk -F , -v key="$key" -v some=8 '{ t[NR] = $2; s[NR] = $7 }
    NR > some + 1 { time = $7 - s[NR - some]; if (($2 - t[NR - some]) / time > best) { best = ($2 - t[NR - some]) / time; least = time / some } }
    END { printf "%s %.0f %.3f\n", key, best, 1000 * least }' "$work/run/learning_curve.csv" >> "$work/trained"
}
: > "$work/exchanged"
: > "$work/trained"
round=0
while [ $round -lt "$ROUNDS" ]; do
  round=$((round + 1))
  for n in 2 4; do
    for way in vader tcp; do
      OMPI_MCA_btl=$way,self RANKS=$n sh tests/mpi/run.sh "$BUILD/bench/exchange" | sed "s/^/$way /" >> "$work/exchanged"
    done
  done
  for n in 0 1 2 4; do
    for episodes in 128 512; do
      trains $episodes $n run_cartpole --episodes-per-update $episodes --total-timesteps 600000
    done
  done
  trains pong 0 run_pong --total-timesteps 40000
done
exchange() { sed -n "s/^$1 $2 $3 //p" "$work/exchanged" | sort -n | head -n 1; }                        # WAY RANKS BYTES
speed() { sed -n "s/^$1 $2 \([0-9]*\) .*/\1/p" "$work/trained" | sort -n | tail -n 1; }                # NAME RANKS
milliseconds() { sed -n "s/^$1 $2 [0-9]* //p" "$work/trained" | sort -n | head -n 1; }

echo "gradients given to all and added up, in microseconds, through the memory of one machine, and through TCP"
printf '%10s%12s%10s%10s\n' ranks 'bytes each' memory TCP
for n in 2 4; do
  for size in 8 $small 40000 $large; do printf '%10s%12s%10s%10s\n' $n $size "$(exchange vader $n $size)" "$(exchange tcp $n $size)"; done
done
echo "CartPole, in timesteps a second of the quickest eight updates; 0 ranks: the program without MPI"
printf '%10s%12s%12s\n' ranks '4 groups' '16 groups'
for n in 0 1 2 4; do printf '%10s%12s%12s\n' $n "$(speed 128 $n)" "$(speed 512 $n)"; done

# As many messages one after another as it takes to double up to all ranks, and each byte of all.
echo "an update with one group a rank, in milliseconds; for 64 and 1024 ranks the exchange is computed from that of 2 over TCP"
printf '%10s%20s%12s%20s%12s\n' ranks 'CartPole: a group' exchange 'Pong: a group' exchange
awk -v latency="$(exchange tcp 2 8)" -v at_2="$(exchange tcp 2 $large)" -v small=$small -v large=$large \
  -v small_4="$(exchange tcp 4 $small)" -v large_4="$(exchange tcp 4 $large)" -v cartpole="$(milliseconds 128 0)" -v pong="$(milliseconds pong 0)" '
function computed(ranks, bytes) { return (latency * log(ranks) / log(2) + ranks * bytes * at_2 / (2 * large)) / 1000 }
function row(ranks, one, two) { printf "%10d%20.2f%12.2f%20.1f%12.1f\n", ranks, cartpole / 4, one, pong, two }
BEGIN {
  row(4, small_4 / 1000, large_4 / 1000)
  row(64, computed(64, small), computed(64, large))
  row(1024, computed(1024, small), computed(1024, large))
}'
