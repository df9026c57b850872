import Foundation
import HostContract
import PawlModel

@testable import PawlHost

/// A host with its EFI system partition at /boot/efi, as Debian 12 sets systemd-boot up; or at /boot, with
/// entries that a person wrote, as Arch's installation guide has it; or with entries for each snapshot of
/// its root, as openSUSE's sdbootutil keeps them, for systemd-boot and for its GRUB without a menu file.
struct SystemdBootFixture: LoaderFixture {
  static let machine = "b0075d1ab0075d1ab0075d1ab0075d1a"

  let ground: LoaderGround
  var root: HostRoot { ground.root }
  let identity = LiveHost.ownIdentity()
  let running = LoaderGround.running
  let new = LoaderGround.new

  /// Where the partition is mounted.
  private let partition: String
  private let style: Style

  enum Style { case debian, arch, suse, suseGrub }

  init(_ style: Style = .debian) throws {
    ground = try LoaderGround()
    self.style = style
    partition = style == .arch ? "/boot" : "/boot/efi"
    try ground.lay("/etc/esp", partition)
    try mount()
    let isGrub = style == .suseGrub
    let program = isGrub ? "opensuse/grubbls.efi" : "systemd/systemd-bootx64.efi"
    try ground.lay("\(partition)/EFI/\(program)", "loader")
    try ground.lay("\(partition)/loader/loader.conf", "timeout 3\n#console-mode keep\n")
    try ground.lay("\(partition)/loader/entries.srel", "type1\n")
    try ground.lay("/etc/machine-id", Self.machine + "\n")
    try ground.lay("/etc/kernel/cmdline", LoaderGround.commandLine + "\n")
    try ground.addProgram("bootctl", Self.bootctl)
    try ground.addProgram("kernel-install", Self.kernelInstall)
    try setVariable("LoaderInfo", isGrub ? "GRUB 2.12" : "systemd-boot 252.39-1~deb12u2")
    try setVariable("LoaderFeatures", bytes: [isGrub ? 0x3c : 0x7f, 0, 0, 0, 0, 0, 0, 0])
    switch style {
    case .debian: try addRunning()
    case .arch: try addArch()
    case .suse: try addSUSE("systemd-boot")
    case .suseGrub: try addSUSE("grub2-bls", prefix: "system-")
    }
  }

  func mount(_ more: String = "") throws {
    let folder = "/sys/firmware/efi/efivars"
    try ground.lay(
      "/proc/self/mountinfo",
      rootLine + mountLine(1, partition, type: "vfat")
        + "40 1 0:30 / \(folder) rw - efivarfs efivarfs rw\n" + more)
  }

  private var rootLine: String {
    switch style {
    case .suse, .suseGrub:
      mountLine(2, "/", type: "btrfs", root: "/" + SdbootutilStandIn.subvolume)
    case .debian, .arch: mountLine(2, "/", type: "ext4")
    }
  }

  private func addSUSE(_ loaderType: String, prefix: String = "") throws {
    try SdbootutilStandIn.install(on: ground, loaderType: loaderType, prefix: prefix)
    try ground.remove("/usr/bin/kernel-install")
  }

  private func addRunning() throws {
    let folder = "/boot/efi/\(Self.machine)/\(running)"
    try ground.lay("\(folder)/linux", "image of \(running)")
    try ground.lay("\(folder)/initrd.img-\(running)", "initrd of \(running)")
    try layEntry("\(Self.machine)-\(running)", version: running)
  }

  /// Two entries of one kernel, as archinstall writes them, and images by the name of the package.
  private func addArch() throws {
    try ground.lay("/etc/os-release", "ID=arch\n")
    for release in [running, new] {
      let name = release == running ? "linux" : release
      for (before, after) in [
        ("vmlinuz-\(release)", "vmlinuz-\(name)"),
        ("initrd.img-\(release)", "initramfs-\(name).img"),
      ] {
        let text = try ground.text("/boot/\(before)")
        try ground.remove("/boot/\(before)")
        try ground.lay("/boot/\(after)", text)
      }
    }
    try ground.lay("/boot/initramfs-linux-fallback.img", "initrd with every driver")
    try ground.lay("/usr/lib/modules/\(running)/pkgbase", "linux\n")
    for (name, initrd) in [("arch", "linux"), ("arch-fallback", "linux-fallback")] {
      try ground.lay(
        "/boot/loader/entries/\(name).conf",
        """
        title Arch Linux
        linux /vmlinuz-linux
        initrd /initramfs-\(initrd).img
        options \(LoaderGround.commandLine)

        """)
    }
    try ground.lay("/boot/loader/loader.conf", "timeout 3\ndefault arch.conf\n")
  }

  /// As 90-loaderentry.install writes it.
  func layEntry(_ name: String, version: String, sortKey: String = "debian") throws {
    try ground.lay(
      "/boot/efi/loader/entries/\(name).conf",
      """
      title      Debian GNU/Linux 12 (bookworm)
      version    \(version)
      machine-id \(Self.machine)
      sort-key   \(sortKey)
      options    \(LoaderGround.commandLine) systemd.machine_id=\(Self.machine)
      linux      /\(Self.machine)/\(version)/linux
      initrd     /\(Self.machine)/\(version)/initrd.img-\(version)

      """)
  }

  // MARK: Variables

  static func path(_ name: String) -> String {
    "/sys/firmware/efi/efivars/\(name)-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
  }

  func setVariable(_ name: String, _ text: String) throws {
    let units = Array(text.utf16) + [0]
    try setVariable(name, bytes: units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
  }

  func setVariable(_ name: String, bytes: [UInt8]) throws {
    try ground.lay(Self.path(name), [7, 0, 0, 0] + bytes)
  }

  // MARK: As the contract asks for it

  func loader(files: any HostFiles) -> any BootLoader {
    style == .suseGrub
      ? EntryFileGrub(root: root, files: files, identity: identity)
      : SystemdBoot(root: root, files: files, identity: identity)
  }

  var loader: SystemdBoot { SystemdBoot(root: root, files: LiveHost(), identity: identity) }

  func tool(processes: any HostProcesses) -> Tool { ground.tool(processes: processes) }

  func disturb(_ how: LoaderDisturbance) throws {
    let entries = "\(partition)/loader/entries/"
    switch how {
    case .fallbackRemoved: try ground.remove(entries + own("pawl-fallback"))
    case .choiceChanged:
      try setVariable("LoaderEntryDefault", distributionID)
    case .trialChanged:
      let path = entries + own("pawl-trial")
      let text = try ground.text(path)
      try ground.lay(path, text.replacingOccurrences(of: "panic=30", with: "panic=0"))
    }
  }

  private func own(_ id: String) -> String {
    let names = style == .suseGrub ? OwnEntryNames.greatest : .plain
    return names.file(of: id) ?? id
  }

  private var distributionID: String {
    switch style {
    case .debian: "\(Self.machine)-\(running).conf"
    case .arch: "arch.conf"
    case .suse: SdbootutilStandIn.entry(of: running) + ".conf"
    case .suseGrub: SdbootutilStandIn.entry(of: running, prefix: "system-") + ".conf"
    }
  }

  // MARK: Programs

  /// bootctl(1) of 252: an empty id removes the variable.
  private static let bootctl = """
    [ $# -eq 2 ] || exit 64
    case $1 in
    set-default) variable=LoaderEntryDefault ;;
    set-oneshot) variable=LoaderEntryOneShot ;;
    *) exit 64 ;;
    esac
    file=$FIXTURE_ROOT\(path("")
      .replacingOccurrences(of: "efivars/-", with: "efivars/$variable-"))
    if [ -z "$2" ]; then rm -f "$file"; exit 0; fi
    { printf '\\7\\0\\0\\0'; printf %s "$2" | sed 's/./&\\n/g' | tr '\\n' '\\0'; printf '\\0\\0'; } >"$file"

    """

  /// kernel-install(8) of 252 with its 90-loaderentry.install; FIXTURE_TORN leaves a short image.
  private static let kernelInstall = """
    boot=$FIXTURE_ROOT$(cat "$FIXTURE_ROOT/etc/esp")
    token=$(cat "$FIXTURE_ROOT/etc/machine-id")
    case $1 in add|remove) ;; *) exit 64 ;; esac
    release=$2
    folder=$boot/$token/$release
    if [ "$1" = remove ]; then
      [ $# -eq 2 ] || exit 64
      rm -f "$boot/loader/entries/$token-$release.conf" \\
        "$boot/loader/entries/$token-$release+"*.conf
      rm -rf "$folder"
      exit 0
    fi
    [ -f "$3" ] || exit 1
    mkdir -p "$folder"
    cat "$3" >"$folder/linux"
    [ -z "${FIXTURE_TORN:-}" ] || printf image >"$folder/linux"
    shift 3
    {
      echo "title      Debian GNU/Linux 12 (bookworm)"
      echo "version    $release"
      echo "machine-id $token"
      echo "sort-key   debian"
      echo "options    $(cat "$FIXTURE_ROOT/etc/kernel/cmdline") systemd.machine_id=$token"
      echo "linux      /$token/$release/linux"
      for initrd; do
        cat "$initrd" >"$folder/${initrd##*/}"
        echo "initrd     /$token/$release/${initrd##*/}"
      done
    } >"$boot/loader/entries/$token-$release.conf"

    """
}
