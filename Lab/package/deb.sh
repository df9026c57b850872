# Sourced by lab.sh: what the packages of `make bindeb-pkg` are called, and how a Debian takes one.
version=6.1
needs=

kernel_package() { echo "linux-image-$1_*.deb"; }
image() { echo "boot/vmlinuz-$1"; }

# Debian has its own headers of the C library.
rival=linux-libc-dev_*

install_packages() { within dpkg --install "$@"; }

remove_packages() { within dpkg --purge "linux-image-$1" "linux-headers-$1"; }

# What dpkg's hooks make of it.
made() { echo "boot/initrd.img-$1"; }
