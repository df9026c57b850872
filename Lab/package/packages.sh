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

"$(dirname "$0")/../install.sh" "${wanted[@]}"
