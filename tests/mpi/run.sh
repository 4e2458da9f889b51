#!/bin/sh
# Runs a program on RANKS processes of this machine, over MPI. Usage: RANKS=4 sh tests/mpi/run.sh PROGRAM [OPTION...]
# On more machines, and without make: mpirun -n 4 --host one,two build/bin/run_cartpole_mpi [OPTION...]
set -u
case $RANKS in
  '' | 0* | *[!0-9]* | ?????*) echo "make: RANKS: expected a number of processes from 1 to 9999, got $RANKS" >&2; exit 2 ;;
esac
[ "$(id -u)" != 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
exec mpirun -q --oversubscribe -n "$RANKS" "$@"
