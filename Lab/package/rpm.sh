# Sourced by lab.sh: what the packages of `make binrpm-pkg` are called, and how rpm takes one in a Debian, whose
# packages rpm does not know.
version=6.1
needs=rpm

kernel_package() { echo "kernel-${1//-/_}-*.rpm"; }
image() {
  # 6.1 packs it for /boot; what came later copies it there while it is installed.
  echo "boot/vmlinuz-$1"
}

rival=kernel-headers-*

install_packages() { within rpm --install --nodeps --verbose "$@"; }

remove_packages() { within sh -c 'rpm --erase --nodeps --verbose $(rpm --query --all "kernel*")'; }

made() { :; }
