#!/bin/bash
# Runs one of the labs as root, in a mount namespace of its own: its mounts end with it, whatever
# ends it. Everything it makes is in one folder below /var/tmp, kept where something was found.
#
# usage: lab.sh MODULE PAWL    MODULE: journal, build
set -euo pipefail

here=$(dirname "$(realpath "$0")")
module=$1
pawl=$(realpath "$2")
[ "$(id -u)" -eq 0 ] || { echo "The power cut lab needs root: it mounts file systems of its own." >&2; exit 77; }

base=/var/tmp/pawl-powercut
mkdir -p "$base"
# Loop devices that a lab which was killed itself has left.
losetup --list --noheadings --output NAME,BACK-FILE | while read -r device image; do
  case $image in
    "$base"/*) [ -e "/proc/$(basename "$(dirname "$image")" | cut -d- -f2)" ] || losetup --detach "$device" ;;
  esac
done

folder=$base/$module-$$
mkdir "$folder"
chmod 0755 "$base" "$folder"
cp "$pawl" "$folder/pawl"
for program in cut step; do cc -O2 -Wall -Wextra -Werror -o "$folder/$program" "$here/$program.c"; done

status=0
child=
stop() { [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true; }
trap stop INT TERM HUP
HOST_MOUNTS=$(readlink /proc/self/ns/mnt)
export HOST_MOUNTS
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 unshare --mount --propagation private \
  /usr/bin/python3 -m "powercut.$module" "$folder" "$folder/pawl" &
child=$!
wait "$child" || status=$?
while kill -0 "$child" 2>/dev/null; do wait "$child" || status=$?; done
rm -f "$folder/pawl"
[ "$status" -ne 0 ] || rm -rf "$folder"
exit "$status"
