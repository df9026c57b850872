import PawlModel

/// What a kernel image says of itself, without being started.
public enum KernelImage {
  /// Release and version (`uname -r`, `uname -v`) in the header of an x86 bzImage
  /// (Documentation/arch/x86/boot.rst, `kernel_version`), or in an image for arm64. `unreadable` for images
  /// of another kind.
  public static func identity(_ absolute: String, root: HostRoot) -> Reading<KernelIdentity> {
    root.read(absolute, limit: 1 << 28).flatMap { bytes in
      let isOfPC = bytes.count > 0x210 && bytes[0x202..<0x206].elementsEqual("HdrS".utf8)
      guard let text = isOfPC ? headerText(bytes) : ArmKernelImage.banner(bytes) else {
        return .unreadable(isOfPC ? "it names no version" : "it is no kernel image that Pawl knows")
      }
      return identity(of: text).map { .present($0) } ?? .unreadable("it names no version")
    }
  }

  /// In the setup code, which is at most 64 sectors long.
  private static func headerText(_ image: [UInt8]) -> String? {
    let bytes = Array(image.prefix(64 * 512))
    let offset = Int(bytes[0x20e]) | Int(bytes[0x20f]) << 8
    guard offset > 0, 0x200 + offset < bytes.count else { return nil }
    return String(decoding: bytes[(0x200 + offset)...].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// `6.1.0-37-amd64 (builder@host) #1 SMP PREEMPT_DYNAMIC …`
  private static func identity(of text: String) -> KernelIdentity? {
    guard let end = text.firstIndex(of: " "), let mark = text.firstRange(of: " #") else {
      return nil
    }
    let version = text[text.index(after: mark.lowerBound)...]
    return KernelIdentity(
      release: String(text[..<end]), version: String(version), buildID: nil)
  }
}

extension Reading {
  func flatMap<Other: Sendable>(_ transform: (Value) -> Reading<Other>) -> Reading<Other> {
    switch self {
    case .absent: .absent
    case .unreadable(let reason): .unreadable(reason)
    case .present(let value): transform(value)
    }
  }
}
