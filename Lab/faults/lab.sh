#!/bin/bash
# Runs the lab of faults as root, in a mount namespace of its own: its mounts end with it, whatever
# ends it. Everything it makes is in one folder below /var/tmp, kept where something was found.
#
# usage: lab.sh PAWL    CASES="clock journal-deleted" in the environment takes some of them
set -euo pipefail

here=$(dirname "$(realpath "$0")")
pawl=$(realpath "$1")
[ "$(id -u)" -eq 0 ] || {
  echo "The lab of faults needs root: it mounts file systems of its own." >&2
  exit 77
}

base=/var/tmp/pawl-faults
mkdir -p "$base"
# Loop devices that a lab which was killed itself has left.
losetup --list --noheadings --output NAME,BACK-FILE | while read -r device image; do
  case $image in
    "$base"/lab-*)
      pid=${image#"$base"/lab-}
      [ -e "/proc/${pid%%/*}" ] || losetup --detach "$device" ;;
  esac
done

folder=$base/lab-$$
mkdir "$folder"
chmod 0755 "$base" "$folder"
cp "$pawl" "$folder/pawl"
for library in failing shifted; do
  cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$folder/$library.so" "$here/$library.c" -ldl
done

status=0
child=
stop() { [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true; }
trap stop INT TERM HUP
PYTHONPATH=$here:$here/../powercut PYTHONDONTWRITEBYTECODE=1 unshare --mount --propagation private \
  /usr/bin/python3 -m faults.lab "$folder" &
child=$!
wait "$child" || status=$?
while kill -0 "$child" 2>/dev/null; do wait "$child" || status=$?; done
rm -f "$folder/pawl"
if [ "$status" -eq 0 ]; then rm -rf "$folder"; else echo "The evidence is in $folder."; fi
exit "$status"
