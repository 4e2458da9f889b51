#!/bin/sh
# Are the bits of many ranks those of one? Trains with 1, 2 and 4 processes over MPI, however few cores there are, and compares
# what they leave with what the plain program leaves; stops and kills them, and goes on with another number. Builds one more
# program, and installs nothing. MPI_FULL=1 does so in every environment and with every algorithm.
# Usage: BUILD=build [MPI_FULL=1] sh tests/mpi/test.sh; ends with one line, mpi: N passed, N failed, N skipped.
set -u
: "${BUILD:=build}" "${MAKE:=make}"
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0 skipped=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset RANKS 2> /dev/null

is() {  # is NAME GOT EXPECTED
  if [ "$2" = "$3" ]; then passed=$((passed + 1))
  else failed=$((failed + 1)); printf 'FAILED %s: expected\n%s\ngot\n%s\n' "$1" "$3" "$2"
  fi
}
end() { echo "mpi: $passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }
over() {  # over RANKS PROGRAM OPTION...
  count=$1 program=$2
  shift 2
  RANKS=$count sh tests/mpi/run.sh "$BUILD/bin/${program}_mpi" "$@"
}

for wrong in 0 four -1 1.5 ' ' '$(echo 2)' 99999; do
  is "RANKS=$wrong" "$(RANKS=$wrong sh tests/mpi/run.sh true 2>&1; echo $?)" "make: RANKS: expected a number of processes from 1 to 9999, got $wrong
2"
done

if ! AUTO_DEPS=0 sh tests/deps.sh mpi 2> /dev/null; then
  skipped=$((skipped + 1)); echo "skipped: Open MPI is not installed (sh tests/deps.sh mpi does it): RANKS=2 and 4 are not tested"
  end
fi
programs=cartpole
[ -z "${MPI_FULL-}" ] || programs='cartpole acrobot bandit corridor mountain_car mountain_car_continuous pendulum pong words'
targets=
for name in $programs; do targets="$targets $BUILD/bin/run_$name $BUILD/bin/run_${name}_mpi"; done
# shellcheck disable=SC2086  # file names are words
if ! $MAKE BUILD="$BUILD" AUTO_DEPS=0 $targets > "$work/log" 2>&1; then is "the programs are built" "$(tail -n 5 "$work/log")" ""; end; fi

command -v sha256sum > /dev/null || sha256sum() { shasum -a 256; }
# What a run leaves, but for how long it took.
left() {
  sha256sum < "$1/policy.safetensors"
  cut -d , -f 1-6 "$1/learning_curve.csv" | sha256sum
  cut -d , -f 1-2 "$1/monitor.csv" | tail -n +2 | sha256sum
}
left_of_seeds() { cut -d , -f 1-5,8 "$1/seeds.csv" | sha256sum; sha256sum < "$1/learning_curves.csv"; }
same() {  # same NAME PROGRAM OPTION...: on one process without MPI, and on 1, 2 and 4
  what=$1 tested=$2
  shift 2
  "$BUILD/bin/$tested" "$@" --quiet --output "$work/one" > "$work/said" || { is "$what" failed "trained"; return; }
  for n in 1 2 4; do
    over $n "$tested" "$@" --quiet --output "$work/many" > "$work/said.many" 2>&1
    is "$what, $n ranks, the last line" "$?$(tail -n 1 "$work/said.many")" "0$(tail -n 1 "$work/said")"
    is "$what, $n ranks" "$(left "$work/many")" "$(left "$work/one")"
  done
  rm -rf "$work/one" "$work/many"
}
same "CartPole, until solved" run_cartpole --episodes-per-update 100
[ -z "${MPI_FULL-}" ] || for name in $programs; do
  for algorithm in reinforce actor-critic ppo; do
    same "$name by $algorithm" "run_$name" --algorithm $algorithm --total-timesteps 3000 --episodes 5 --hidden 8
  done
done

if [ -n "${MPI_FULL-}" ]; then
  sh tests/mpi/two_hosts.sh > "$work/log" 2>&1
  status=$?
  if [ $status = 77 ]; then skipped=$((skipped + 1)); echo "skipped: there can be no network namespaces: two hosts are not tested"
  else is "two hosts" "$status$([ $status = 0 ] || cat "$work/log")" 0
  fi
fi

"$BUILD/bin/run_cartpole" --seeds 5 --quiet --output "$work/one" > "$work/said"
over 2 run_cartpole --seeds 5 --quiet --output "$work/many" > "$work/said.many" 2>&1
is "seeds" "$?$(tail -n 1 "$work/said.many")" "0$(tail -n 1 "$work/said")"
is "seeds, one row each" "$(left_of_seeds "$work/many")" "$(left_of_seeds "$work/one")"
rm -rf "$work/many"

# Stopped, and gone on with by another number. It learns so slowly that it is never solved, and saves after each update.
slow='--learning-rate 1e-9 --quiet'
forever() {  # forever RANKS [COMMAND...]: begins such a run, and comes back when there is a state
  n=$1
  shift
  # shellcheck disable=SC2086
  RANKS=$n sh tests/mpi/run.sh "$@" "$BUILD/bin/run_cartpole_mpi" $slow --save-every 0 --total-timesteps 1000000000000 --output "$work/many" \
    > "$work/said.many" 2>&1 &
  job=$!
  tries=0
  until [ -f "$work/many/learning_curve.csv" ] && [ -f "$work/many/state.safetensors" ]; do
    tries=$((tries + 1))
    { [ $tries -lt 600 ] && kill -0 $job 2> /dev/null; } || { is "a run begins" "$(cat "$work/said.many")" ""; return 1; }
    sleep 0.1
  done
}
goes_on() {  # goes_on NAME RANKS: 2,000 timesteps more, and the bits of a run that never stopped
  steps=$(($(tail -n 1 "$work/many/learning_curve.csv" | cut -d , -f 2) + 2000))
  over "$2" run_cartpole --resume "$work/many" --total-timesteps $steps --quiet > "$work/said.resumed" 2>&1
  is "$1, resumed by $2 ranks" "$?" 0
  # shellcheck disable=SC2086
  "$BUILD/bin/run_cartpole" $slow --total-timesteps $steps --output "$work/one" > "$work/said"
  is "$1, resumed by $2 ranks, the bits" "$(left "$work/many")" "$(left "$work/one")"
  rm -rf "$work/one" "$work/many"
}
cat > "$work/noted" << 'END'
#!/bin/sh
echo $$ > "$0.$OMPI_COMM_WORLD_RANK"
exec "$@"
END
chmod +x "$work/noted"
if forever 2; then
  kill -TERM $job
  wait $job
  is "SIGTERM: the status" $? 143
  is "SIGTERM: one line when done, and nothing else but that it stops" \
    "$(sed 's/ after update .*//' "$work/said.many" | grep -v '^run_cartpole: stopping; once more to stop at once$')" "run_cartpole: interrupted"
  goes_on "after SIGTERM" 4
fi
if forever 4 "$work/noted"; then
  kill -TERM "$(cat "$work/noted.3")"
  wait $job
  is "SIGTERM to one rank: the status" $? 143
  is "SIGTERM to one rank: one line" "$(sed 's/ after update .*//' "$work/said.many")" "run_cartpole: interrupted"
  goes_on "after SIGTERM to one rank" 1
fi
if forever 4 "$work/noted"; then
  kill -KILL "$(cat "$work/noted.2")"
  wait $job
  is "a killed rank: the status" $? 137
  is "a killed rank: the line" "$(tail -n 1 "$work/said.many")" \
    "noted: one of 4 processes was ended by signal 9, and so were the others; what was last saved is whole: go on with --resume"
  goes_on "after a killed rank" 2
fi

# What only rank 0 sees, and what all of them do: one line, and an end.
fails() {  # fails NAME STATUS LINE OPTION...
  what=$1 status=$2 line=$3
  shift 3
  over 3 run_cartpole "$@" > "$work/said.many" 2>&1
  is "$what" "$?
$(cat "$work/said.many")" "$status
$line"
}
: > "$work/file"
fails "a folder that cannot be made" 1 "run_cartpole: $work/file/x: cannot make the folder: Not a directory" --output "$work/file/x"
fails "the same, for seeds" 1 "run_cartpole: $work/file/x: cannot make the folder: Not a directory" --seeds 4 --output "$work/file/x"
fails "an unknown option" 2 "run_cartpole: unknown option --sed, the nearest is --seed (see --help)" --sed 3
fails "a state that is not there" 1 "run_cartpole: $work/none/state.safetensors: cannot read: no such file; make run-cartpole trains and writes one" --resume "$work/none"
if forever 3; then
  mv "$work/many" "$work/moved"
  wait $job
  is "a folder that goes away: the status and the line" "$?$(sed 's/: cannot write: .*//; s/[^/]*$//' "$work/said.many")" "1run_cartpole: $work/many/"
  mv "$work/moved" "$work/many"
  goes_on "after a folder that went away" 2
fi
end
