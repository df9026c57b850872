/// Collects what speaks for one boot loader or another, the strongest first.
struct BootLoaderSearch {
  typealias Kind = BootLoaderDetection.Kind

  let root: HostRoot
  private(set) var kind: Kind?
  private(set) var evidence: [Evidence] = []

  init(root: HostRoot) { self.root = root }

  private mutating func found(_ kind: Kind, _ source: String, _ finding: String) {
    evidence.append(Evidence(source: source, finding: finding))
    if self.kind == nil { self.kind = kind == .grub && readsBLS ? .grubBLS : kind }
  }

  // MARK: - This boot

  /// What the loader and the firmware say of this boot themselves.
  mutating func lookAtWhatStarted() {
    let booted = BootedBy.detect(root: root)
    if let info = booted.loader {
      let source = EFIVariables.path("LoaderInfo")
      let names: [(String, Kind)] = [("systemd-boot", .systemdBoot), ("GRUB", .grub)]
      if let (_, kind) = names.first(where: { info.hasPrefix($0.0) }) { found(kind, source, info) }
    }
    if let path = booted.path {
      let parts: [(String, Kind)] = [
        ("\\systemd\\systemd-boot", .systemdBoot), ("\\refind\\", .refind), ("\\grub", .grub),
        ("\\shim", .grub), ("\\efi\\linux\\", .unifiedImage),
      ]
      if let (_, kind) = parts.first(where: { path.lowercased().contains($0.0) }) {
        found(kind, "BootCurrent", path)
      }
    }
    if let stub = booted.stub, booted.loader == nil {
      found(.unifiedImage, EFIVariables.path("StubInfo"), stub)
    }
  }

  // MARK: - What is installed

  mutating func lookAtWhatIsInstalled() {
    lookAtSUSE()
    for (path, kind) in Self.marks where root.exists(path) {
      // Fedora, RHEL, zipl and openSUSE have these entries too, read by another loader.
      if kind == .systemdBoot, evidence.contains(where: { $0.source.contains("/grub") }) {
        continue
      }
      found(kind, path, "it is there")
    }
  }

  /// `LOADER_TYPE` (perl-bootloader).
  private mutating func lookAtSUSE() {
    guard let type = loaderType else { return }
    let kinds: [String: Kind] = [
      "grub2": .grub, "grub2-efi": .grub, "grub2-bls": .grubBLS, "systemd-boot": .systemdBoot,
    ]
    if let kind = kinds[type] { found(kind, Self.loaderTypeFile, "LOADER_TYPE=\(type)") }
  }

  private static let loaderTypeFile = "/etc/sysconfig/bootloader"

  private var loaderType: String? { Self.loaderType(below: root) }

  /// What SUSE's tools take for the loader; nil on every other system.
  static func loaderType(below root: HostRoot) -> String? {
    assignment("LOADER_TYPE", in: root.text(loaderTypeFile).value)
  }

  private static let marks: [(path: String, kind: Kind)] = [
    ("/boot/grub/grub.cfg", .grub), ("/boot/grub2/grub.cfg", .grub),
    ("/boot/extlinux/extlinux.conf", .extlinux), ("/boot/extlinux.conf", .extlinux),
    ("/efi/loader/loader.conf", .systemdBoot), ("/boot/loader/loader.conf", .systemdBoot),
    ("/boot/efi/loader/loader.conf", .systemdBoot),
    ("/efi/loader/entries", .systemdBoot), ("/boot/efi/loader/entries", .systemdBoot),
    ("/boot/refind_linux.conf", .refind), ("/etc/zipl.conf", .zipl),
    ("/boot/firmware/config.txt", .raspberryPi),
  ]

  private var readsBLS: Bool {
    if loaderType == "grub2-bls" { return true }
    if Self.assignment("GRUB_ENABLE_BLSCFG", in: root.text("/etc/default/grub").value) == "true" {
      return true
    }
    return ["/boot/grub2/grub.cfg", "/boot/grub/grub.cfg"].contains { path in
      let lines = root.text(path).value?.split(separator: "\n") ?? []
      return lines.contains { $0.trimmingWhitespace() == "blscfg" }
    }
  }

  /// The last `NAME=value` of a file that a shell reads.
  private static func assignment(_ name: String, in text: String?) -> String? {
    let lines = (text ?? "").split(separator: "\n").map { $0.trimmingWhitespace() }
    let line = lines.last { $0.hasPrefix(name + "=") }
    return line.map { OperatingSystem.unquote(String($0.dropFirst(name.count + 1))) }
  }

  // MARK: - Its entries

  func entries(of kind: Kind) -> String? {
    Self.places[kind]?.first(where: root.exists)
  }

  private static let places: [Kind: [String]] = [
    .grub: ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"],
    .grubBLS: ["/boot/loader/entries", "/boot/efi/loader/entries"],
    .systemdBoot: ["/efi/loader/entries", "/boot/loader/entries", "/boot/efi/loader/entries"],
    .extlinux: ["/boot/extlinux/extlinux.conf", "/boot/extlinux.conf"],
    .refind: ["/boot/refind_linux.conf"],
    .zipl: ["/boot/loader/entries", "/etc/zipl.conf"],
    .unifiedImage: ["/efi/EFI/Linux", "/boot/EFI/Linux", "/boot/efi/EFI/Linux"],
    .raspberryPi: ["/boot/firmware/config.txt"],
  ]
}
