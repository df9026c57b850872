#!/bin/bash
# Has Pawl make the packages of a real, small kernel below a throwaway root (bindeb-pkg of linux-source-6.1), and
# installs and removes them in a throwaway Debian. Needs root and a mirror; ten minutes on two cores.
#
# usage: lab.sh PAWL     KEEP=1 keeps the folder
set -euo pipefail

here=$(dirname "$(realpath "$0")")
pawl=$(realpath "$1")
[ "$(id -u)" -eq 0 ] || { echo "This needs root: it makes a system and changes into it." >&2; exit 77; }
[ -n "${INSIDE:-}" ] || exec env INSIDE=1 unshare --mount --propagation private "$0" "$pawl"
"$here/../machines/packages.sh"
folder=$(mktemp -d /var/tmp/pawl-package.XXXXXX)
chmod 0755 "$folder"
tree=$folder/tree
clean() {
  ! mountpoint --quiet "$tree/proc" || umount "$tree/proc"
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$folder"
}
trap clean EXIT
say() { printf '\n=== %s (%s s so far)\n' "$*" "$SECONDS"; }
fail() { printf 'package: %s\n' "$*" >&2; exit 1; }
within() { chroot "$tree" env PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }

say "1. The packages of a kernel"
mkdir -p "$folder/builder" "$folder/root"
chown 65534:65534 "$folder/builder"
at=(--journal "$folder/journal/journal.db" --root "$folder/root")
"$pawl" plan kernel-package "${at[@]}" --set "work=$folder/builder/work" --set format=deb \
  --set "config=$(realpath "$here/../machines/machine.config")" --set options=PRINTK_TIME=y --set localversion=-pawl-package
plan=$("$pawl" show 1 --json "${at[@]}")
mapfile -t approval < <(python3 "$here/../machines/approval.py" <<<"$plan")
"$pawl" approve 1 "${approval[@]}" "${at[@]}"
"$pawl" run 1 "${at[@]}" </dev/null
packages=("$folder"/builder/work/packages/*.deb)
ls -l "${packages[@]}"
installed=$(find "$folder/root" -type f ! -name pawl-rescue.txt)
[ -z "$installed" ] || fail "something was installed: $installed"

say "2. Installed and removed in a Debian"
mmdebstrap --quiet --variant=minbase --include=kmod,initramfs-tools,zstd bookworm "$tree" >"$folder/log" 2>&1 ||
  { tail "$folder/log" >&2; fail "mmdebstrap did not make a tree"; }
mount -t proc none "$tree/proc"
cp "$folder"/builder/work/packages/linux-image-*.deb "$tree/tmp/"
within sh -c 'dpkg --install /tmp/linux-image-*.deb'
release=$(ls "$tree/lib/modules")
case $release in *-pawl-package) ;; *) fail "it is called $release" ;; esac
for path in "boot/vmlinuz-$release" "boot/initrd.img-$release" "lib/modules/$release/modules.dep"; do
  [ -s "$tree/$path" ] || fail "there is no $path"
done
grep -aqF "$release (pawl@pawl)" "$tree/boot/vmlinuz-$release" || fail "the image calls itself otherwise"
within sh -c "dpkg --purge \$(dpkg-query --show --showformat '\${Package}\n' 'linux-image-*pawl*')"
[ -z "$(find "$tree/boot" "$tree/lib/modules" -name "*$release*")" ] || fail "something was left behind"
say "$release was installed and is gone"
