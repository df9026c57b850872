/// What started this host, before any boot loader.
public enum Firmware: String, Sendable, Codable {
  case uefi, bios

  /// `/sys/firmware/efi` is there exactly where the kernel was started through UEFI; `/sys/firmware`
  /// always, so that without it nothing is known. What has neither, boards with a device tree say,
  /// counts as `bios`.
  static func detect(root: HostRoot) -> Reading<Firmware> {
    switch root.kind("/sys/firmware/efi") {
    case .present: return .present(.uefi)
    case .unreadable(let reason): return .unreadable("/sys/firmware/efi: \(reason)")
    case .absent: break
    }
    return root.kind("/sys/firmware").map { _ in .bios }
  }
}

/// Which program the firmware started this time, and what that says of itself.
struct BootedBy: Sendable, Equatable {
  /// `systemd-boot 257.9-1`, `GRUB 2.12`: the variable LoaderInfo.
  let loader: String?
  /// `systemd-stub 257`: a unified kernel image was started.
  let stub: String?
  /// Of the boot option that was used, `\EFI\debian\shimx64.efi` say.
  let path: String?

  static func detect(root: HostRoot) -> BootedBy {
    let variables = EFIVariables(root: root)
    return BootedBy(
      loader: variables.string("LoaderInfo").value, stub: variables.string("StubInfo").value,
      path: bootOption(root: root))
  }

  private static func bootOption(root: HostRoot) -> String? {
    func variable(_ name: String) -> [UInt8]? {
      EFIVariables(root: root).bytes(name, of: EFIVariables.globalVendor).value
    }
    guard let current = variable("BootCurrent"), current.count >= 2 else { return nil }
    let number = String(UInt16(current[0]) | UInt16(current[1]) << 8, radix: 16, uppercase: true)
    let name = "Boot" + String(repeating: "0", count: 4 - number.count) + number
    return variable(name).flatMap(EFIBootOption.path)
  }
}

/// A boot option of the firmware, `EFI_LOAD_OPTION`: attributes (4 bytes), the length of the device
/// path (2), a description in UTF-16 up to NUL, then the device path. (UEFI specification, 3.1.3, 10.3)
enum EFIBootOption {
  /// The file it starts; nil where it is not one, or is cut short.
  static func path(_ option: [UInt8]) -> String? {
    guard option.count > 6 else { return nil }
    var at = 6
    while at + 1 < option.count, option[at] != 0 || option[at + 1] != 0 { at += 2 }
    at += 2
    var path = ""
    while at + 4 <= option.count {
      let (type, subtype) = (option[at], option[at + 1])
      let length = Int(option[at + 2]) | Int(option[at + 3]) << 8
      guard length >= 4, at + length <= option.count, type != endOfPath else { break }
      if type == media, subtype == filePath { path += text(option[(at + 4)..<(at + length)]) }
      at += length
    }
    return path.isEmpty ? nil : path
  }

  private static let media: UInt8 = 4
  private static let filePath: UInt8 = 4
  private static let endOfPath: UInt8 = 0x7f

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
  }
}
