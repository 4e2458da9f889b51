#!/bin/sh
# The same work by peers, one thread against one thread, in one run. Called by `make bench-peers`.
# $BUILD/peers.found lists the peers that are installed; the others are named and left out.
# Usage: BUILD=build sh tests/bench/peers.sh [pong | options of Google Benchmark]; with pong, nothing else is measured.
set -u
: "${BUILD:=build}"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE  # a peer finds out by itself what processor this is
found=" $(xargs < "$BUILD/peers.found") "
python=$(cat "$BUILD/peers.python")
work=$BUILD/bench
for peer in numpy torch openblas eigen; do
  case $found in *" $peer "*) ;; *) echo "skipped: $peer" ;; esac
done

# Training: 5 rounds; in each, ours and the peer play their timesteps one after the other.
middle_and_best() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)], v[NR] }'; }
compare() {  # compare PEER STYLE EPISODES TIMESTEPS
  case $found in *" $1 "*) ;; *) return ;; esac
  rm -f "$work/ours" "$work/theirs"
  for _ in 1 2 3 4 5; do
    "$work/fixed" train "$3" 1000000 >> "$work/ours" || exit 1
    "$python" "tests/bench/peers/$1_reinforce.py" "$2" "$3" "$4" >> "$work/theirs" || exit 1
  done
  echo "$1 $2 $3 $(awk '{ print $1 / $2 }' "$work/ours" | middle_and_best) $(awk '{ print $1 / $2 }' "$work/theirs" | middle_and_best)" |
    awk '{ printf "%-8s%-8s%8d%14d (%d)%14d (%d)%10.0fx\n", $1, $2, $3, $4, $5, $6, $7, $4 / $6 }'
}
network_and_cartpole() {
  "$work/peers" "$@" || exit
  printf '\ntraining: timesteps per CPU second, median (best) of 5; REINFORCE, 4-64-2 tanh, CartPole, from scratch\n\n'
  echo 'peer    envs    episodes/update      onehot          the peer          factor'
  compare numpy one 8 40000
  compare numpy many 64 200000
  compare numpy many 512 500000
  compare torch one 8 8000
  compare torch many 64 200000
  compare torch many 512 500000
}
[ "${1:-}" = pong ] || network_and_cartpole "$@"

# Pong from pixels: the program of the blog in NumPy's own numbers, in ours, and ten games side by side; then our loops with
# as many hidden units and ten games, with the zeros and without; with fewer units; and with the updates of run_pong.
case $found in *" numpy "*) ;; *) exit 0 ;; esac
pong() {  # pong NAME COMMAND: timesteps and CPU seconds
  name=$1
  shift
  "$@" >> "$work/pong_$name" || exit 1
}
rm -f "$work"/pong_*
for _ in 1 2 3 4 5; do
  pong float64 "$python" tests/bench/peers/numpy_pong.py float64 one 2 1000
  pong float32 "$python" tests/bench/peers/numpy_pong.py float32 one 2 1500
  pong many "$python" tests/bench/peers/numpy_pong.py float32 many 10 4000
  pong dense "$work/fixed" pong 200 dense games 4000
  pong sparse "$work/fixed" pong 200 sparse games 150000
  pong small "$work/fixed" pong 64 sparse games 300000
  pong points "$work/fixed" pong 64 sparse points 300000
done
printf '\nPong from pixels: timesteps per CPU second, median (best) of 5; the factor is to the row above\n\n'
for row in float64 float32 many dense sparse small points; do
  echo "$row $(awk '{ print $1 / $2 }' "$work/pong_$row" | middle_and_best)"
done | awk '
  BEGIN { name["float64"] = "numpy, one game at a time"; name["float32"] = "the same in float32"
          name["many"] = "ten games side by side"; name["dense"] = "onehot, with the zeros"
          name["sparse"] = "without the zeros"; name["small"] = "64 hidden units, not 200"
          name["points"] = "128 points an update" }
  { printf "%-28s%10d (%d)", name[$1], $2, $3
    if (NR == 1) first = $2; else printf "%10.1fx", $2 / last
    printf "\n"; last = $2 }
  END { printf "%-46s%10.0fx\n", "all of it", last / first }'
