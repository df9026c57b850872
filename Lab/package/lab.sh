#!/bin/bash
# Has Pawl make the packages of a real, small kernel below a throwaway root, by the kernel's own bindeb-pkg,
# binrpm-pkg and pacman-pkg, and has the real dpkg, rpm and pacman install and remove them in a throwaway Debian.
# Needs root and a mirror; ten minutes on two cores for each version of the source, and two for each format.
#
# usage: lab.sh PAWL [FORMAT[:VERSION]…]     FORMAT: deb, rpm, pacman; VERSION: of linux-source; KEEP=1 keeps the folder
set -euo pipefail

here=$(dirname "$(realpath "$0")")
pawl=$(realpath "$1")
shift
[ "$(id -u)" -eq 0 ] || { echo "This needs root: it makes a system and changes into it." >&2; exit 77; }
wanted=()
for each in "${@:-deb}"; do
  [ -e "$here/${each%%:*}.sh" ] || { echo "There is no format ${each%%:*} here." >&2; exit 64; }
  . "$here/${each%%:*}.sh"
  case $each in *:*) wanted+=("$each") ;; *) wanted+=("$each:$version") ;; esac
done
[ -n "${INSIDE:-}" ] || exec env INSIDE=1 unshare --mount --propagation private "$0" "$pawl" "${wanted[@]}"
"$here/packages.sh" "${wanted[@]}"
folder=$(mktemp -d /var/tmp/pawl-package.XXXXXX)
chmod 0755 "$folder"
tree=$folder/tree
clean() {
  ! mountpoint --quiet "$tree/proc" || umount "$tree/proc"
  [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$folder"
}
trap clean EXIT
say() { printf '\n=== %s (%s s so far)\n' "$*" "$SECONDS"; }
fail() { printf 'package: %s\n' "$*" >&2; exit 1; }
within() { chroot "$tree" env PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }

make_tree() {
  local include=kmod,initramfs-tools,zstd each
  for each in "${wanted[@]}"; do
    . "$here/${each%%:*}.sh"
    include+=${needs:+,$needs}
  done
  mmdebstrap --quiet --variant=minbase --include="$include" bookworm "$tree" >"$folder/log" 2>&1 ||
    { tail "$folder/log" >&2; fail "mmdebstrap did not make a tree"; }
  mount -t proc none "$tree/proc"
}

# One build folder for all formats of a version: each release is a small change of the one before.
make_packages() {
  local format=$1 source=$2 plan approval installed
  work=$folder/builder/$source
  root=$folder/root-$format-$source
  at=(--journal "$folder/journal-$format-$source/journal.db" --root "$root")
  mkdir -p "$folder/builder" "$root"
  chown 65534:65534 "$folder/builder"
  "$pawl" plan kernel-package "${at[@]}" --set "work=$work" --set "format=$format" \
    --set "source=$(echo "/usr/src/linux-source-$source".tar.*)" --set options=PRINTK_TIME=y \
    --set "config=$(realpath "$here/../machines/machine.config")" --set "localversion=-pawl-$format"
  plan=$("$pawl" show 1 --json "${at[@]}")
  mapfile -t approval < <(python3 "$here/../machines/approval.py" <<<"$plan")
  "$pawl" approve 1 "${approval[@]}" "${at[@]}"
  "$pawl" run 1 "${at[@]}" </dev/null || { "$pawl" history show 1 "${at[@]}"; fail "Pawl made no packages"; }
  installed=$(find "$root" -type f ! -name pawl-rescue.txt)
  [ -z "$installed" ] || fail "something was installed: $installed"
}

# What a person reads has every package, and what to type.
look_at_packages() {
  local told path name count=0
  told=$("$pawl" logs 1 --step packages "${at[@]}")
  printf '%s\n' "$told"
  for path in "$work"/packages/*; do
    [ "$(stat --format %U "$path")" = nobody ] || fail "$path is not the build user's: root made it"
    [[ $told == *"${path##*/}: "*" files"* ]] || fail "Pawl does not name $path"
    count=$((count + 1))
  done
  [ "$count" -gt 1 ] || fail "there are $count packages only"
  # Exactly what it says is installed.
  read -r -a named < <(sed -n "s|^To install: cd $work/packages; ||p" <<<"$told")
  named=("${named[@]:2}")
  [[ " ${named[*]#./} " == *" ${kernel##*/} "* ]] || fail "Pawl does not say how to install $kernel"
  for name in "${named[@]#./}"; do
    [[ $name != $rival ]] || fail "Pawl has $name installed, which is a rival of what the distribution has"
  done
  for path in "$work"/packages/*; do
    [[ ${path//_/-} == *"$release"* ]] || fail "$path is of another release"
  done
}

try_packages() {
  local path
  say "$format of $source: installed and removed in a Debian"
  rm -rf "$tree/tmp/packages"
  cp -r "$work/packages" "$tree/tmp/"
  install_packages "${named[@]/#/\/tmp/packages/}"
  [ "$(ls "$tree/lib/modules")" = "$release" ] || fail "it is called $(ls "$tree/lib/modules")"
  for path in "$(image "$release")" "lib/modules/$release"/{kernel,modules.dep} $(made "$release"); do
    [ -s "$tree/$path" ] || fail "there is no $path"
  done
  grep -aqF "$release (pawl@pawl)" "$tree/$(image "$release")" || fail "the image calls itself otherwise"
  within modinfo -k "$release" -F vermagic virtio_net | grep -qF "$release " || fail "the modules are of another kernel"
  remove_packages "$release"
  # rpm leaves the folder that two packages share, empty, and 6.1's scripts call no hook that removes an initramfs.
  leftover=$(find "$tree/boot" "$tree/lib/modules/" ! -type d ! -name "initrd.img-*" 2>/dev/null || true)
  [ -z "$leftover" ] || fail "left behind: $leftover"
}

say "A Debian to install them in"
make_tree
for each in "${wanted[@]}"; do
  format=${each%%:*} source=${each#*:}
  . "$here/$format.sh"
  say "$format of $source: the packages of a kernel"
  make_packages "$format" "$source"
  release=$(cat "$work/build/include/config/kernel.release")
  kernel=$(echo "$work"/packages/$(kernel_package "$release"))
  [ -f "$kernel" ] || fail "there is no $kernel"
  look_at_packages
  try_packages
  say "$format of $source: $release was installed and is gone"
done
