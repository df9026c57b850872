#!/bin/bash
# Compares what Pawl says of a real kernel's options with what kconfiglib says of them. A minute or two,
# and one more for the first time.
#
# usage: lab.sh PAWL     SYMBOLS=200 SEED=1, PAWL_KCONFIG=FOLDER
set -euo pipefail

here=$(dirname "$(realpath "$0")")
pawl=$(realpath "$1")
"$here/../packages.sh"

cache=${PAWL_KCONFIG:-/var/tmp/pawl-kconfig}
tree=$cache/linux
mkdir -p "$cache"
if [ ! -e "$tree/.config" ]; then
  rm -rf "$tree" "$tree.new"
  mkdir "$tree.new"
  tar -C "$tree.new" --strip-components=1 -xf /usr/src/linux-source-6.1.tar.xz
  make -s -C "$tree.new" defconfig
  mv "$tree.new" "$tree"
fi
# The one version that was looked at; pure Python, and nothing of it is installed.
if [ ! -e "$cache/kconfiglib.py" ]; then
  python3 -m pip --version >/dev/null 2>&1 || { [ "$(id -u)" -eq 0 ] && apt-get install -y -qq python3-pip; }
  python3 -m pip download -q --no-deps --require-hashes -d "$cache" -r "$here/kconfiglib.txt"
  python3 -m zipfile -e "$cache"/kconfiglib-*.whl "$cache"
fi
PYTHONPATH=$cache PYTHONDONTWRITEBYTECODE=1 exec python3 "$here/compare.py" "$pawl" "$tree" \
  "${SYMBOLS:-200}" "${SEED:-1}"
