/// Good inputs, as real systems have them, and the words they are made of.
enum Seeds {
  static let kernelConfig = """
    #
    # Linux/x86 6.1.176 Kernel Configuration
    #
    CONFIG_CC_VERSION_TEXT="gcc-12 (Debian 12.2.0-14) \\"12\\""
    CONFIG_VFIO_PCI=m
    # CONFIG_BTRFS_FS is not set
    CONFIG_LOG_BUF_SHIFT=17
    CONFIG_PHYSICAL_START=0x1000000

    """
  static let configWords = [
    "CONFIG_", "CONFIG_A=y", "# CONFIG_B is not set", "=m", "=n", "=\"", "is not set",
    "Kernel Configuration", "# Linux/x86",
  ]

  static let osRelease = """
    PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
    ID=ubuntu
    ID_LIKE='debian rhel'
    VERSION_ID="24.04"

    """
  static let osWords = [
    "ID", "ID_LIKE", "debian", "fedora", "suse", "arch", "alpine", "saved_entry", "next_entry",
    "# GRUB Environment Block",
  ]

  static let modulesDep = """
    kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz
    kernel/drivers/vfio/vfio.ko.xz:
    kernel/fs/overlayfs/overlay.ko:

    """
  static let moduleWords = ["kernel/", ".ko", ".ko.zst", ".ko.gz:", "vfio", "vfio_pci", "overlay"]

  static let dkmsStatus = """
    nvidia, 396.45, 4.17.11-200.fc28.x86_64, x86_64: installed (original_module exists)
    i915-sriov-dkms/2025.03.26, 6.11.11-1-pve, x86_64: installed (WARNING! Diff between built and installed module!)
    dkms_test/1.0: broken
    kmod-foo, 1.0, 5.14.0, x86_64: installed-weak from 5.13.0

    """
  static let dkmsConf = """
    PACKAGE_NAME="v4l2loopback"
    PACKAGE_VERSION='0.12.7'
    BUILT_MODULE_NAME[0]="${PACKAGE_NAME}"
    DEST_MODULE_LOCATION[0]=/updates/dkms
    BUILD_EXCLUSIVE_ARCH="x86_64|aarch64"
    BUILD_EXCLUSIVE_CONFIG="CONFIG_PCI !CONFIG_RUST"
    MAKE="make KERNEL_DIR=${kernel_source_dir} all"

    """
  static let dkmsWords = [
    "PACKAGE_NAME", "PACKAGE_VERSION", "BUILT_MODULE_NAME[1]", "DEST_MODULE_NAME[99999]",
    "installed",
    "built", "added", "broken", "installed-weak from", "BUILD_EXCLUSIVE_KERNEL_MIN", "if [",
    "BUILD_EXCLUSIVE_ARCH", "$PACKAGE_NAME", "${PACKAGE_NAME}",
  ]

  static let grubMenu = """
    if [ "${next_entry}" ] ; then
       set default="${next_entry}"
       save_env next_entry
    else
       set default="0"
    fi
    menuentry 'Debian' --class debian $menuentry_id_option 'gnulinux-simple' {
    \tlinux\t/vmlinuz-6.1 root=/dev/vda1 ro
    \tinitrd\t/initrd.img-6.1
    }
    submenu 'Advanced' --id 'advanced' {
    \tmenuentry 'Old' --unrestricted --id 'old' {
    \t\tlinux /vmlinuz-6.0 ro
    \t}
    }

    """
  static let grubWords = [
    "menuentry", "submenu", "set", "default=", "if", "then", "else", "fi", "linux", "initrd",
    "--id", "${next_entry}", "'x'", "{", "}", "function", "load_env", "save_env",
  ]
  static let grubEnvironment = "# GRUB Environment Block\nsaved_entry=a\nnext_entry=b\\\\c\n"

  static let blsEntry = """
    title      Fedora 19 (Rawhide)
    version    3.8.0-2.fc19.x86_64
    machine-id 6a9857a393724b7a981ebb5b8495b9ea
    sort-key   fedora
    options    root=UUID=6d3376e4-fc93-4509-95ec-a21d68011da2 quiet
    linux      /6a98/3.8.0/linux
    initrd     /6a98/3.8.0/initrd

    """
  static let blsWords = [
    "title", "version", "linux", "initrd", "options", "machine-id", "sort-key", "architecture",
    "efi",
    "x64", "devicetree", "grub_users", "$grub_users", "$kernelopts", "${tuned_initrd}",
  ]

  static let grubSnippet = """
    title Fedora Linux (6.17.5-200.fc42.x86_64) 42 (Server Edition)
    version 6.17.5-200.fc42.x86_64
    linux /vmlinuz-6.17.5-200.fc42.x86_64
    initrd /initramfs-6.17.5-200.fc42.x86_64.img $tuned_initrd
    options root=UUID=5ca1ab1e ro $kernelopts
    grub_users $grub_users
    grub_arg --unrestricted
    grub_class fedora

    """

  static let wslVersion = "WSL version: 2.5.9.0\r\nKernel version: 6.6.87.2-1\r\n"
  static let wslVersionWords = ["WSL", "version", "2.5.9.0", "2.5.1", "WSL-Version", "wsl.exe"]

  static let windowsPath = "C:\\Users\\me\\pawl\\kernel"
  static let windowsWords = ["C:\\", "D:/", "Users", "..", ".", "con", "\\\\?\\", "wsl$"]

  static let wslConfig = "[wsl2]\r\nmemory=4GB\r\nkernel=C:\\\\temp\\\\k # mine\r\n"
  static let wslConf = "[boot]\nsystemd=true\ncommand=\"service docker start\"\n"
  static let wslWords = [
    "[wsl2]", "[WSL2]", "kernel", "KERNEL=", "kernel=", "memory", "[boot]", "command", "#kernel=",
  ]

  static let mountInfo = """
    22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    23 22 8:2 /@ /boot rw - btrfs /dev/sda2 rw,subvol=/@
    24 22 0:30 / /mnt/a\\040b rw - tmpfs tmpfs rw

    """
  static let mountWords = ["/", "/boot", "-", "ext4", "8:1", "shared:1", "\\134", "rw"]
}
