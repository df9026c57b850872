# Sourced by lab.sh: what the packages of `make pacman-pkg` are called, and how pacman takes one. It has a database
# of its own in a Debian, which is empty.
version=6.12
needs=pacman-package-manager

kernel_package() { echo "linux-upstream-${1//-/_}-*.pkg.tar*"; }
image() { echo "usr/lib/modules/$1/vmlinuz"; }

rival=*-api-headers-*

install_packages() {
  # The root of a chroot is no mount point, whose space pacman wants to know.
  sed -i '/^CheckSpace/d' "$tree/etc/pacman.conf"
  within pacman --upgrade --noconfirm "$@"
  # On Arch a hook of the package kmod does that.
  within depmod "$(ls "$tree/usr/lib/modules")"
}

remove_packages() {
  within sh -c 'pacman --remove --noconfirm $(pacman --query --quiet)'
  # So does that hook.
  rm -f "$tree/usr/lib/modules/$1"/modules.*
}

made() { :; }
