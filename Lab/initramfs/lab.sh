#!/bin/bash
# Has the real dracut and the real mkinitramfs make initramfs images as Pawl asks for them, in a throwaway
# Debian with the cloud kernel, and looks inside; and starts what Pawl's hook for mkinitcpio is in. dracut is Debian's, under Fedora's names. What the machine
# is made of is that of Fixtures/hosts/debian-12: a graphics card in one IOMMU group. Needs root and a
# mirror; six minutes.
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
  --include=linux-image-cloud-amd64,dracut-core,initramfs-tools,busybox-static,zstd,libsqlite3-0,zlib1g,cpio \
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
# SECONDS WORDS…: starts the image with these words on the command line, until it ends or time is over. What it
# printed is in $folder/serial; 124 where it did not end.
start() {
  local seconds=$1
  shift
  timeout "$seconds" qemu-system-x86_64 -accel tcg -m 512 -nodefaults -display none -no-reboot \
    -serial "file:$folder/serial" -kernel "$tree/boot/vmlinuz-$release" -initrd "$folder/image" \
    -append "console=ttyS0 quiet panic=30 $*"
}
printed() { grep -q "$1" "$folder/serial"; }

say "4. A hook for mkinitcpio ends a trial whose initramfs does not find its root, and nothing else"
printf 'ID=arch\n' >"$tree/etc/os-release"
install -m 755 "$here/mkinitcpio" "$tree/usr/bin/mkinitcpio"
within pawl internal kernel-hooks --root / --release "$release" >"$folder/mkinitcpio.log" 2>&1 ||
  { tail "$folder/mkinitcpio.log"; fail "it was not made"; }
cp "$tree/boot/initramfs-$release.img" "$folder/image"
zcat "$folder/image" | cpio --quiet -t >"$folder/list"
for path in hooks/pawl-return usr/lib/systemd/system/emergency.target.wants/pawl-return.service; do
  grep -qx "$path" "$folder/list" || fail "the image has no $path"
done
start 120 pawl.trial=j.1.t.1 || fail "a trial without its root was not ended"
printed "the trial ends here, in 10 seconds" || fail "it ended otherwise"
echo "ok   a trial at its emergency hook: ended"
start 60 root=/dev/none && fail "a boot that is no trial was ended"
{ printed "AT A SHELL" && ! printed Pawl; } || fail "a boot that is no trial was meddled with"
echo "ok   a boot that is no trial: at its shell"

# Nobody waits for minutes here.
mkdir "$folder/unpacked"
(cd "$folder/unpacked" && zcat ../image | cpio --quiet -id && sed -i 's/sleep 240/sleep 15/' hooks/pawl-return &&
  find . | cpio --quiet -o -H newc | gzip -1 >../image)
start 120 pawl.trial=j.1.t.1 lab.stuck || fail "a trial that got stuck was not ended"
printed "the root was not found" || fail "it ended otherwise"
echo "ok   a trial that gets stuck without an emergency hook: ended"
start 180 pawl.trial=j.1.t.1 lab.root || fail "a trial that found its root did not end by itself"
{ printed "STILL IN THE ROOT" && ! printed Pawl; } || fail "a trial that found its root was meddled with"
echo "ok   a trial that finds its root: let be"
say "Every image is as it has to be"
