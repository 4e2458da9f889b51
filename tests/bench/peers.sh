#!/bin/sh
# The same work by peers, one thread against one thread, in one run. Called by `make bench-peers`.
# $BUILD/peers.found lists the peers that are installed; the others are named and left out.
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

"$work/peers" "$@" || exit

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
printf '\ntraining: timesteps per CPU second, median (best) of 5; REINFORCE, 4-64-2 tanh, CartPole, from scratch\n\n'
echo 'peer    envs    episodes/update      onehot          the peer          factor'
compare numpy one 8 40000
compare numpy many 64 200000
compare numpy many 512 500000
compare torch one 8 8000
compare torch many 64 200000
compare torch many 512 500000

# Pong from pixels: the program of the blog, one game at a time and ten side by side, and ours with as many hidden units.
case $found in *" numpy "*) ;; *) exit 0 ;; esac
pong() {  # pong HIDDEN: timesteps and CPU seconds
  "$BUILD/bin/run_pong" --seeds 1 --hidden "$1" --total-timesteps 400000 --episodes 1 --quiet --output "$work/pong" > /dev/null || exit 1
  awk -F, 'NR == 2 { print $5, $7 }' "$work/pong/seeds.csv"
}
rm -f "$work"/pong_*
for _ in 1 2 3; do
  for hidden in 200 64; do pong $hidden >> "$work/pong_$hidden"; done
  "$python" tests/bench/peers/numpy_pong.py one 2 1500 >> "$work/pong_one"
  "$python" tests/bench/peers/numpy_pong.py many 10 4000 >> "$work/pong_many"
done
printf '\nPong from pixels: timesteps per CPU second, median (best) of 3\n\n'
for row in one many 200 64; do
  echo "$row $(awk '{ print $1 / $2 }' "$work/pong_$row" | middle_and_best)"
done | awk '
  BEGIN { name["one"] = "numpy, one game at a time"; name["many"] = "numpy, ten side by side"
          name[200] = "onehot, 200 hidden units"; name[64] = "onehot, 64 hidden units" }
  { printf "%-28s%10d (%d)\n", name[$1], $2, $3 }'
