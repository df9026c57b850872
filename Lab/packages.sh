#!/bin/bash
# Installs what building and testing Pawl needs on Debian and is missing; asks nothing where
# everything is there.
set -euo pipefail

wanted=(
  libsqlite3-dev zlib1g-dev
  linux-source-6.1 make gcc bc bison flex libelf-dev libssl-dev libdw-dev rsync cpio kmod
  xz-utils zstd perl python3 build-essential dwarves
  strace util-linux procps git time e2fsprogs xfsprogs mount patch
)

"$(dirname "$0")/install.sh" "${wanted[@]}"
