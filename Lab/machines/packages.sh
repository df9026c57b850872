#!/bin/bash
# Installs what the lab of machines needs beyond Lab/packages.sh and is missing; asks nothing where
# everything is there.
set -euo pipefail

"$(dirname "$0")/../packages.sh"
wanted=(
  qemu-system-x86 qemu-utils ovmf mmdebstrap fdisk dosfstools mtools e2fsprogs mount util-linux kmod cpio
)

"$(dirname "$0")/../install.sh" "${wanted[@]}"
