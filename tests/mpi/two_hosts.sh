#!/bin/sh
# Two hosts on one machine: network namespaces joined by a cable, each with a name of its own; mpirun starts the second one's
# ranks through `ip netns exec` in place of ssh. Trains on both and compares with the plain program. Needs root.
# Usage: BUILD=build sh tests/mpi/two_hosts.sh; ends with 0 when the bits are the same, 1 when not, 77 where there can be no
# namespaces.
set -u
: "${BUILD:=build}"
[ "$(id -u)" = 0 ] && command -v ip > /dev/null && unshare -nu true 2> /dev/null || exit 77
one=onehot$$a two=onehot$$b
work=$(mktemp -d) || exit 2
trap 'ip netns del $one 2> /dev/null; ip netns del $two 2> /dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
ip netns add $one && ip netns add $two && ip link add cable netns $one type veth peer name cable netns $two || exit 77
number=0
for host in $one $two; do
  number=$((number + 1))
  ip -n $host addr add 10.77.0.$number/24 dev cable && ip -n $host link set cable up && ip -n $host link set lo up || exit 77
done
cat > "$work/agent" << END_OF_AGENT
#!/bin/sh
shift  # the host: there is only one other
exec ip netns exec $two unshare -u sh -c "hostname two; \$*"
END_OF_AGENT
chmod +x "$work/agent"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
on_both() {  # on_both COMMAND: two ranks on each host
  ip netns exec $one unshare -u sh -c 'hostname one; exec mpirun "$@"' mpirun -q --oversubscribe -n 4 --host 10.77.0.1:2,10.77.0.2:2 \
    --mca plm_rsh_agent "$work/agent" "$@"
}
# shellcheck disable=SC2016  # for the ranks to read
places=$(on_both sh -c 'echo "$OMPI_COMM_WORLD_RANK on $(hostname)"' | sort | xargs)
[ "$places" = "0 on one 1 on one 2 on two 3 on two" ] || { echo "two hosts: expected two ranks on each, got $places"; exit 1; }
options='--episodes-per-update 100 --quiet --output'
# shellcheck disable=SC2086
on_both "$BUILD/bin/run_cartpole_mpi" $options "$work/both" && "$BUILD/bin/run_cartpole" $options "$work/alone" &&
  cmp "$work/both/policy.safetensors" "$work/alone/policy.safetensors" &&
  echo "across the cable: $(ip -n $one -s link show cable | awk '/TX:/ { getline; print $1 }') bytes"
