#!/bin/sh
# How long an exchange takes over MPI, and how fast a training is, on 1, 2 and 4 processes of this machine, on one thread each.
# Usage: BUILD=build [ROUNDS=5] sh tests/mpi/bench.sh; the best of ROUNDS rounds in which the cases take turns, for others may be at work.
set -u
: "${BUILD:=build}" "${ROUNDS:=5}"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

: > "$work/exchange"
: > "$work/training"
round=0
while [ $round -lt "$ROUNDS" ]; do
  round=$((round + 1))
  for way in memory tcp; do
    for n in 2 4; do
      ways=vader,self
      [ $way = memory ] || ways=tcp,self
      OMPI_MCA_btl=$ways RANKS=$n sh tests/mpi/run.sh "$BUILD/bench/exchange" | sed "s/^/$way /" >> "$work/exchange"
    done
  done
  for episodes in 128 512; do  # groups of 32; a policy that does not learn, so the work is the same
    for n in 0 1 2 4; do
      options="--episodes-per-update $episodes --learning-rate 1e-9 --total-timesteps 2000000 --threads 1 --episodes 1 --quiet --output $work/run"
      # shellcheck disable=SC2086
      if [ $n = 0 ]; then "$BUILD/bin/run_cartpole" $options > /dev/null
      else RANKS=$n sh tests/mpi/run.sh "$BUILD/bin/run_cartpole_mpi" $options > /dev/null
      fi || exit 1
      awk -F , -v case="$episodes $n" 'NR == 2 { t = $2; s = $7 } END { printf "%s %.0f\n", case, ($2 - t) / ($7 - s) }' "$work/run/learning_curve.csv" >> "$work/training"
    done
  done
done
echo "an exchange, in microseconds: all ranks on one machine, through its memory, and through TCP"
printf '%10s%12s%10s%10s\n' ranks 'bytes each' memory tcp
for n in 2 4; do
  for size in 8 2500 40000 1650000; do
    printf '%10s%12s' $n $size
    for way in memory tcp; do printf '%10s' "$(sed -n "s/^$way $n $size //p" "$work/exchange" | sort -n | head -n 1)"; done
    echo
  done
done
echo "a training of CartPole, 4-32-2, in timesteps a second; 0 ranks: the program without MPI"
printf '%10s%12s%12s\n' ranks '4 groups' '16 groups'
for n in 0 1 2 4; do
  printf '%10s' $n
  for episodes in 128 512; do printf '%12s' "$(sed -n "s/^$episodes $n //p" "$work/training" | sort -n | tail -n 1)"; done
  echo
done
