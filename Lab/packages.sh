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

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing: ${missing[*]}"
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
"${run[@]}" apt-get update -qq
"${run[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
