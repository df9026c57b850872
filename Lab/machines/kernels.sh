#!/bin/bash
# Has Pawl build the kernels of the lab on this host, below a throwaway root, and keeps what it
# staged: CACHE/kernels/KIND holds boot/vmlinuz-REL and lib/modules/REL. A kind that is there stays.
#
# usage: kernels.sh PAWL CACHE [KIND…]     KIND: good, no-root, no-net, drivers, hang, wsl-own, wsl-new
set -euo pipefail

pawl=$(realpath "$1")
cache=$2
shift 2
here=$(dirname "$(realpath "$0")")
kernels=$cache/kernels
work=$kernels/builder/work # one for all kinds: each is a small change of the one before

options_of() {
  case $1 in
    good | drivers) echo PRINTK_TIME=y ;;
    no-root) echo VIRTIO_BLK=n ;; # the panic is the kernel's own: it never sees the disk
    # What a machine of WSL takes: drives of Windows, and programs of Windows
    wsl-own | wsl-new) echo NET_9P=y,NET_9P_VIRTIO=y,9P_FS=y,BINFMT_MISC=y,VIRTIO_NET=y ;;
    no-net) echo VIRTIO_NET=n ;;  # boots, and has no network: its module was never built
    *) echo "There is no kernel of the kind $1." >&2 && return 1 ;;
  esac
}

# The kernel that WSL has of its own is called as Microsoft's are.
localversion_of() {
  case $1 in
    wsl-own) echo -microsoft-standard ;;
    *) echo "-pawl-$1" ;;
  esac
}

# With what a machine's DKMS needs of it.
headers_of() {
  case $1 in
    drivers) echo yes ;;
    *) echo no ;;
  esac
}

build() {
  local kind=$1 options at plan
  options=$(options_of "$kind")
  rm -rf "$kernels/making"
  mkdir -p "$kernels/making/root" "$kernels/builder"
  chmod 0755 "$cache" "$kernels" "$kernels/making" "$kernels/builder"
  chown 65534:65534 "$kernels/builder"
  at=(--journal "$kernels/making/journal/journal.db" --root "$kernels/making/root")
  "$pawl" plan kernel-rebuild "${at[@]}" --set "work=$work" --set "config=$here/machine.config" \
    --set "headers=$(headers_of "$kind")" --set "options=$options" --set "localversion=$(localversion_of "$kind")"
  plan=$("$pawl" show 1 --json "${at[@]}")
  mapfile -t approval < <(python3 "$here/approval.py" <<<"$plan")
  "$pawl" approve 1 "${approval[@]}" "${at[@]}"
  local status=0
  "$pawl" run 1 "${at[@]}" </dev/null || status=$?
  [ "$status" -eq 102 ] || { echo "The build of $kind ended with $status, not at its restart." >&2; return 1; }
  keep "$kind"
}

# Installed below the throwaway root, depmod and all, is what a machine is to get.
keep() {
  local image release
  image=$(echo "$kernels"/making/root/boot/vmlinuz-*"$(localversion_of "$1")")
  release=${image##*/vmlinuz-}
  rm -rf "$kernels/keeping"
  mkdir -p "$kernels/keeping/boot" "$kernels/keeping/lib/modules"
  cp -a "$kernels/making/root/boot/"*"-$release" "$kernels/keeping/boot/"
  cp -a "$(find "$kernels/making/root" -type d -path "*lib/modules/$release")" "$kernels/keeping/lib/modules/"
  if [ "$(headers_of "$1")" = yes ]; then
    mkdir -p "$kernels/keeping/usr/src"
    cp -a "$kernels/making/root/usr/src/linux-headers-$release" "$kernels/keeping/usr/src/"
  fi
  chown -R 0:0 "$kernels/keeping"
  mv "$kernels/keeping" "$kernels/$1"
  rm -rf "$kernels/making"
  echo "Kept the kernel $release as $kernels/$1."
}

# A module that hangs the good kernel. Any kind's tree will do: they differ in a driver that it does
# not use, and in the release that it is to name.
hang() {
  local release
  release=$(basename "$kernels"/good/lib/modules/*)
  rm -rf "$kernels/making"
  mkdir -p "$kernels/making/hang"
  cp -a "$work/build" "$kernels/making/build"
  cp "$here"/hang/* "$kernels/making/hang/"
  echo "#define UTS_RELEASE \"$release\"" >"$kernels/making/build/include/generated/utsrelease.h"
  # Not `modules_prepare`, which would write the release anew.
  make -s -C "$work/source" "O=$kernels/making/build" "M=$kernels/making/hang" modules
  mkdir "$kernels/making/kept"
  cp "$kernels/making/hang/hang.ko" "$kernels/making/kept/"
  mv "$kernels/making/kept" "$kernels/hang"
  rm -rf "$kernels/making"
}

for kind in "${@:-good}"; do
  [ -d "$kernels/$kind" ] && continue
  case $kind in
    hang) hang ;;
    *) build "$kind" ;;
  esac
done
