#!/bin/bash
# Has the real dracut and the real mkinitramfs make initramfs images as Pawl asks for them, in a throwaway
# Debian with the cloud kernel, and looks inside. dracut is Debian's, under Fedora's names. What the machine
# is made of is that of Fixtures/hosts/debian-12: a graphics card in one IOMMU group. Needs root and a
# mirror; three minutes.
#
# usage: lab.sh PAWL     KEEP=1 keeps the folder
set -euo pipefail

here=$(dirname "$(realpath "$0")")
pawl=$(realpath "$1")
[ "$(id -u)" -eq 0 ] || { echo "This needs root: it makes a system and changes into it." >&2; exit 77; }
# Its mounts end with it, whatever ends it.
[ -n "${INSIDE:-}" ] || exec env INSIDE=1 unshare --mount --propagation private "$0" "$pawl"
folder=$(mktemp -d /var/tmp/pawl-initramfs.XXXXXX)
tree=$folder/tree
clean() {
  umount --recursive --quiet "$tree/sys" "$tree/proc" || true
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$folder"
}
trap clean EXIT

say() { printf '\n=== %s (%s s so far)\n' "$*" "$SECONDS"; }
fail() { printf 'initramfs: %s\n' "$*" >&2; exit 1; }
within() { chroot "$tree" env PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"; }

say "1. A Debian with a kernel, dracut and initramfs-tools"
"$here/../machines/packages.sh"
mmdebstrap --quiet --variant=minbase \
  --include=linux-image-cloud-amd64,dracut-core,initramfs-tools,zstd,libsqlite3-0,zlib1g,cpio \
  bookworm "$tree" >"$folder/log" 2>&1 || { tail "$folder/log" >&2; fail "mmdebstrap did not make a tree"; }
release=$(ls "$tree/lib/modules")
cp "$pawl" "$tree/usr/bin/pawl"
mount -t tmpfs none "$tree/sys"
cp -a "$here/../../Fixtures/hosts/debian-12/sys/." "$tree/sys/"
mount -t proc none "$tree/proc"
echo "$release" >"$folder/osrelease"
mount --bind "$folder/osrelease" "$tree/proc/sys/kernel/osrelease"
cp "$tree/etc/os-release" "$folder/debian"

# FILE WORDS…: each has to be in the list of what is inside.
inside() {
  local image=$1 list
  shift
  [ -s "$tree$image" ] || fail "there is no $image"
  [ "$(stat -c %a "$tree$image")" = 600 ] || fail "$image can be read by others"
  list=$(within lsinitramfs "$image")
  for word; do grep -q "$word" <<<"$list" || fail "$image has no $word"; done
  echo "ok   $image: $(wc -l <<<"$list") files, among them: $*"
}

# PATH: that file inside the image, as it was read at boot.
within_image() {
  rm -rf "$tree/tmp/unpacked"
  within unmkinitramfs "$1" /tmp/unpacked
  # Microcode in front of it has unmkinitramfs unpack it one folder deeper.
  find "$tree/tmp/unpacked" -path "*/$2" -type f -exec cat {} + | grep . || fail "$1 has no $2"
}

vfio() {
  local image=/boot/pawl/vfio-$release.img devices=0000:01:00.0,0000:01:00.1
  within pawl internal passthrough ready --devices "$devices"
  within pawl internal passthrough initramfs --devices "$devices" --release "$release" --image "$image" \
    >"$folder/vfio.log" 2>&1 || { tail "$folder/vfio.log"; fail "it was not made"; }
  inside "$image" '/vfio-pci\.ko' 'etc/modprobe.d/pawl-vfio-pci.conf'
  within_image "$image" etc/modprobe.d/pawl-vfio-pci.conf | grep '^options vfio-pci ids=' || fail "it names no devices"
  [ ! -e "$tree/etc/modprobe.d/pawl-vfio-pci.conf" ] || fail "the host's own configuration was changed"
  [ -z "$(find "$tree/boot" -name '.pawl-initramfs*')" ] || fail "something was left aside"
}

say "2. initramfs-tools: an initramfs beside the one in use, for vfio-pci"
before=$(sha256sum <"$tree/boot/initrd.img-$release")
vfio
within_image "/boot/pawl/vfio-$release.img" conf/modules | grep '^vfio-pci' || fail "it is not loaded first"
[ "$(sha256sum <"$tree/boot/initrd.img-$release")" = "$before" ] || fail "the one in use was changed"
rm "$tree/boot/pawl/vfio-$release.img"

say "3. dracut, under the names of Fedora: that of a kernel, then the one for vfio-pci"
printf 'ID=fedora\nVERSION_ID=42\n' >"$tree/etc/os-release"
within pawl internal kernel-hooks --root / --release "$release" >"$folder/dracut.log" 2>&1 ||
  { tail "$folder/dracut.log"; fail "dracut made none"; }
inside "/boot/initramfs-$release.img" 'init$' '/virtio_blk\.ko'
within pawl internal kernel-hooks --check --root / --release "$release" || fail "Pawl does not see it"
vfio
grep -rqs vfio-pci "$tree/tmp/unpacked" --include='*.conf' || fail "nothing has vfio-pci loaded"
say "Every image is as it has to be"
