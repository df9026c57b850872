#!/bin/bash
# Microsoft's configurations of WSL 2 on Debian's linux-source-6.1, by Pawl: all modules turned into parts of
# the image, an option asked for, olddefconfig, and one part of the kernel built. What an older or newer
# source does not know is counted. Not run here: the rest of that build, and Windows.
#
# usage: lab.sh PAWL CONFIG…     CONFIG: a file, packed or not. PART=drivers/vfio/
set -euo pipefail

pawl=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
shift
[ $# -gt 0 ] || { echo "Not run: no configuration of Microsoft's was named." >&2; exit 77; }
folder=$(mktemp -d /var/tmp/pawl-wsl-build.XXXXXX)
trap 'rm -rf "$folder"' EXIT
chmod 0755 "$folder"

fail() { printf 'wsl: %s\n' "$*" >&2; exit 1; }
count() { grep -c "$1" "$2" || true; }

build() { # CONFIG
  local name plan at work=$folder/builder/work status=0
  name=$(basename "$1" .gz)
  rm -rf "$folder/builder" "$folder/root" "$folder/journal"
  mkdir -p "$folder/builder" "$folder/root"
  if [ "$(id -u)" -eq 0 ]; then chown 65534:65534 "$folder/builder"; fi
  zcat -f "$1" >"$folder/$name"
  at=(--journal "$folder/journal/journal.db" --root "$folder/root")
  "$pawl" plan "$here/build.yaml" "${at[@]}" --set "source=$(echo /usr/src/linux-source-6.1.tar.*)" \
    --set "config=$folder/$name" ${PART:+--set "part=$PART"} --set "work=$work" >/dev/null
  plan=$("$pawl" show 1 --json "${at[@]}")
  mapfile -t approval < <(python3 "$here/../machines/approval.py" <<<"$plan")
  "$pawl" approve 1 "${approval[@]}" "${at[@]}" >/dev/null
  "$pawl" run 1 "${at[@]}" </dev/null >"$folder/run.log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || { tail -30 "$folder/run.log"; fail "$name: the plan ended with $status"; }
  tell "$name" "$work/build"
}

tell() { # NAME BUILD
  local config=$2/.config
  grep -qx CONFIG_VFIO_PCI=y "$config" || fail "$1: VFIO_PCI is not y"
  [ "$(count '=m$' "$config")" -eq 0 ] || fail "$1: modules are left: $(grep '=m$' "$config" | head -3)"
  printf '%s: %s options asked for and %s had (y), %s unknown to this source; %s objects built in %s s\n' \
    "$1" "$(count '=[ym]$' "$folder/$1")" "$(count '=y$' "$config")" "$(unknown "$folder/$1" "$config")" \
    "$(find "$2/${PART:-drivers/vfio/}" -name '*.o' | wc -l)" "$SECONDS"
}

# Symbols of the first that the second does not so much as mention.
unknown() {
  comm -23 <(grep -o '^CONFIG_[A-Za-z0-9_]*' "$1" | sort -u) \
    <(grep -oE 'CONFIG_[A-Za-z0-9_]+' "$2" | sort -u) | wc -l
}

for config; do build "$config"; done
