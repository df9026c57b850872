import PawlModel

/// What a kernel image says of itself, without being started.
public enum KernelImage {
  /// Release and version (`uname -r`, `uname -v`) in the header of an x86 bzImage
  /// (Documentation/arch/x86/boot.rst, `kernel_version`). `unreadable` for images of another kind.
  public static func identity(_ absolute: String, root: HostRoot) -> Reading<KernelIdentity> {
    // The text lies in the setup code, which is at most 64 sectors long.
    root.read(absolute, limit: 1 << 28).map { Array($0.prefix(64 * 512)) }.flatMap { bytes in
      guard bytes.count > 0x210, bytes[0x202..<0x206].elementsEqual("HdrS".utf8) else {
        return .unreadable("it is no x86 kernel image")
      }
      let offset = Int(bytes[0x20e]) | Int(bytes[0x20f]) << 8
      guard offset > 0, 0x200 + offset < bytes.count else {
        return .unreadable("it names no version")
      }
      let text = String(decoding: bytes[(0x200 + offset)...].prefix { $0 != 0 }, as: UTF8.self)
      return identity(of: text).map { .present($0) } ?? .unreadable("it names no version")
    }
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
