#!/bin/bash
# Installs what the lab of packages needs on Debian beyond the lab of machines and is missing; asks nothing where
# everything is there.
#
# usage: packages.sh [FORMAT:VERSION…]
set -euo pipefail

"$(dirname "$0")/../machines/packages.sh"
wanted=(debhelper)
for each in "$@"; do
  wanted+=("linux-source-${each#*:}")
  case $each in
    rpm:*) wanted+=(rpm) ;;
    pacman:*) wanted+=(makepkg pacman-package-manager libarchive-tools) ;;
  esac
done

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing: ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
