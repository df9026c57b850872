#!/bin/bash
# Exits 0 where the power cut labs can run; else says why not, and exits 77.
set -euo pipefail

not_here() { echo "The power cut labs cannot run here: $*."; exit 77; }

[ "$(id -u)" -eq 0 ] || not_here "they need root"
unshare --mount true 2>/dev/null || not_here "there are no mount namespaces"
grep -qE ' cgroup2 | cgroup .*freezer' /proc/mounts || not_here "no control group can freeze"
folder=$(mktemp -d /var/tmp/pawl-able.XXXXXX)
device=
trap '[ -z "$device" ] || losetup --detach "$device"; rm -rf "$folder"' EXIT
truncate --size 32M "$folder/image"
device=$(losetup --find --show "$folder/image" 2>/dev/null) || not_here "there are no loop devices"
mkfs.ext4 -q "$device" || not_here "mkfs.ext4 failed"
mkdir "$folder/disk"
unshare --mount --propagation private mount -t ext4 "$device" "$folder/disk" 2>/dev/null ||
  not_here "ext4 cannot be mounted"
