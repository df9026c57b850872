import PawlModel

/// The variables of the boot loader interface, as efivarfs shows them: four bytes of attributes, then
/// the value. (systemd: docs/BOOT_LOADER_INTERFACE.md; kernel: filesystems/efivarfs.rst)
struct EFIVariables {
  static let folder = "/sys/firmware/efi/efivars"
  static let vendor = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
  /// Of the variables that the UEFI specification itself defines.
  static let globalVendor = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
  /// Of shim's own. (shim: MokVars.txt)
  static let shimVendor = "605dab50-e046-4300-abb6-3dd810dd8b23"

  let root: HostRoot

  static func path(_ name: String, of vendor: String = vendor) -> String {
    "\(folder)/\(name)-\(vendor)"
  }

  /// A variable without bytes is none: the firmware keeps no empty ones.
  func bytes(_ name: String, of vendor: String = vendor) -> Reading<[UInt8]> {
    let reading = root.read(Self.path(name, of: vendor), limit: 1 << 20).map {
      Array($0.dropFirst(4))
    }
    return reading.value == [] ? .absent : reading
  }

  /// UTF-16 up to the first NUL.
  func string(_ name: String) -> Reading<String> {
    bytes(name).map { bytes in
      let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
        UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
      }
      return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
    }
  }

  func number(_ name: String) -> Reading<UInt64> {
    bytes(name).map { $0.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  }

  /// nil where there is none; throws where that cannot be told.
  func requireString(_ name: String) throws -> String? {
    switch string(name) {
    case .present(let value): return value
    case .absent: return nil
    case .unreadable(let reason):
      throw PawlError(
        .inputOutput, "The EFI variable \(name) cannot be read: \(reason).",
        hint: "Is efivarfs mounted at \(Self.folder)?")
    }
  }

  /// UEFI specification, 3.3: the firmware checks what it starts.
  var isSecureBootOn: Bool {
    bytes("SecureBoot", of: Self.globalVendor).value?.first == 1
  }

  /// Sentences: why they cannot be written.
  func obstacles() -> [String] {
    let table = MountTable(mountinfo: root.text("/proc/self/mountinfo").value ?? "")
    guard let mount = table.mount(holding: Self.folder), mount.type == "efivarfs" else {
      return ["The variables of the firmware are not mounted at \(Self.folder)."]
    }
    return mount.isReadOnly ? ["The variables of the firmware are mounted read-only."] : []
  }
}
