#!/bin/sh
# Runs a program on RANKS processes of this machine, over MPI. Usage: RANKS=4 sh tests/mpi/run.sh PROGRAM [OPTION...]
# On more machines, and without make: mpirun -n 4 --host one,two build/bin/run_cartpole_mpi [OPTION...]
# Ends with the program's status: 130 or 143 after Ctrl-C or SIGTERM, of which mpirun tells the ranks a second later. It kills those that
# have not saved their update after another one: more seconds by OMPI_MCA_odls_base_sigkill_timeout=10.
set -u
case $RANKS in
  '' | 0* | *[!0-9]* | ?????*) echo "make: RANKS: expected a number of processes from 1 to 9999, got $RANKS" >&2; exit 2 ;;
esac
[ "$(id -u)" != 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
asked=0
# A rank that waits lets others have its core, and its threads may use any.
mpirun -q --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 -n "$RANKS" "$@" <&0 &
job=$!
trap 'asked=130' INT  # from the terminal, which tells mpirun, too
trap 'asked=143; kill -TERM $job' TERM
wait $job
status=$?
while kill -0 $job 2> /dev/null; do wait $job; status=$?; done  # a signal ends a wait
[ $asked = 0 ] || [ $status -eq 0 ] || exit $asked
[ $status -le 128 ] || [ $status -eq 130 ] || [ $status -eq 143 ] ||
  echo "${1##*/}: one of $RANKS processes was ended by signal $((status - 128)), and so were the others; what was last saved is whole: go on with --resume" >&2
exit $status
