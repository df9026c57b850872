#!/bin/bash
# Runs scenarios on virtual machines with real boot loaders, as root, in a mount namespace of its own:
# its mounts and their loop devices end with it, whatever ends it.
#
# usage: lab.sh PAWL [SCENARIO…]     MACHINES="grub-bios grub-uefi systemd-boot", PAWL_MACHINES=FOLDER
set -euo pipefail

here=$(dirname "$(realpath "$0")")
pawl=$(realpath "$1")
shift
[ "$(id -u)" -eq 0 ] || { echo "The lab of machines needs root: it makes disks and mounts them." >&2; exit 77; }
"$here/packages.sh"

cache=${PAWL_MACHINES:-/var/tmp/pawl-machines}
mkdir -p "$cache"
exec 9>"$cache/lock"
flock --nonblock 9 || { echo "Another run of this lab works in $cache." >&2; exit 75; }

# A copy: a build may replace the binary while the lab runs.
cp "$pawl" "$cache/pawl.new" && mv "$cache/pawl.new" "$cache/pawl"
export PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1
exec unshare --mount --propagation private /usr/bin/python3 -m machines.runner "$cache/pawl" "$@"
