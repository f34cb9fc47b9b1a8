#!/bin/sh
# Boots a machine: `unshare --mount --propagation private sh launch.sh <folder> <root> <pid> <control groups> <argument …>`.
# <folder> is the machine's own and has upper/ and work/ if <root> is shared and must stay as it is; <pid> is a
# process in the machine's network namespace; <control groups> are folders, one a line; the rest goes to
# systemd-nspawn. All mounts are made here, in a mount namespace that ends with the machine: nothing to unmount.
set -e
folder=$1 root=$2 inside=$3 groups=$4
shift 4
for group in $groups; do echo $$ >"$group/cgroup.procs"; done
if [ -d "$folder/upper" ]; then
  mount -t overlay overlay -o "lowerdir=$root,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
  root=$folder/root
fi
: >"$folder/network"
mount --bind "/proc/$inside/ns/net" "$folder/network"
# systemd-nspawn takes names and locks here: twins must not meet.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=0755 tmpfs /run/systemd/nspawn
# In a namespace of process numbers of its own nothing can outlive a systemd-nspawn that is killed.
exec unshare --pid --fork --kill-child=KILL --mount-proc systemd-nspawn \
  --directory="$root" --network-namespace-path="$folder/network" "$@"
