/// An initramfs of Pawl's own with one program in it, which says that it runs and restarts the
/// machine: proof that a kernel came as far as its first program. Written out byte by byte, so that
/// no compiler and no archiver is needed.
public enum TinyInitramfs {
  /// What the program prints.
  public static let mark = "pawl-preboot: the first program runs"

  /// For x86-64. Behind another archive it replaces that one's `/init`; the kernel unpacks both.
  public static func archive() -> [UInt8] {
    var archive = Cpio()
    archive.add("dev", mode: 0o040755)
    archive.add("dev/console", mode: 0o020600, device: (5, 1))
    archive.add("init", mode: 0o100755, program)
    archive.add("TRAILER!!!", mode: 0)
    return archive.bytes
  }

  // MARK: - The program

  /// A static ELF file: one segment, code and text together.
  private static let program: [UInt8] = {
    let text = Array("\n\(mark)\n".utf8)
    let code = instructions(textLength: text.count)
    let base = 0x40_0000
    let start = 64 + 56
    let size = start + code.count + text.count
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    file += word(2, 2) + word(62, 2) + word(1, 4) + word(base + start, 8)
    file += word(64, 8) + word(0, 8) + word(0, 4)
    file += [64, 56, 1, 0, 0, 0].flatMap { word($0, 2) }
    // PT_LOAD, readable and executable.
    file += word(1, 4) + word(5, 4) + word(0, 8) + word(base, 8) + word(base, 8)
    file += word(size, 8) + word(size, 8) + word(0x1000, 8)
    return file + code + text
  }()

  /// write(1, text), then reboot(2) with LINUX_REBOOT_CMD_RESTART, then nothing for ever.
  private static func instructions(textLength: Int) -> [UInt8] {
    let write: [UInt8] = [0xb8] + word(1, 4) + [0xbf] + word(1, 4)
    let length: [UInt8] = [0xba] + word(textLength, 4) + [0x0f, 0x05]
    let restart: [UInt8] =
      [0xb8] + word(169, 4) + [0xbf] + word(0xfee1_dead, 4) + [0xbe] + word(0x2812_1969, 4)
      + [0xba] + word(0x0123_4567, 4) + [0x0f, 0x05]
    let stay: [UInt8] = [0xeb, 0xfe]
    // lea rsi, [rip + what is left of the code]
    let address: [UInt8] = [0x48, 0x8d, 0x35] + word(length.count + restart.count + stay.count, 4)
    return write + address + length + restart + stay
  }

  private static func word(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// An archive as the kernel unpacks it: `newc` of Documentation/driver-api/early-userspace/
/// buffer-format.rst.
struct Cpio {
  private(set) var bytes: [UInt8] = []
  private var inode = 0

  mutating func add(
    _ name: String, mode: Int, _ content: [UInt8] = [], device: (major: Int, minor: Int) = (0, 0)
  ) {
    inode += 1
    let fields = [
      inode, mode, 0, 0, 1, 0, content.count, 0, 0, device.major, device.minor,
      name.utf8.count + 1, 0,
    ]
    bytes += Array("070701".utf8) + fields.flatMap(Self.hex) + Array(name.utf8) + [0]
    pad()
    bytes += content
    pad()
  }

  /// The kernel looks for an archive that is not packed at every fourth byte, and passes over zeros.
  static func padding(behind length: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: (4 - length % 4) % 4)
  }

  private mutating func pad() { while bytes.count % 4 != 0 { bytes.append(0) } }

  private static func hex(_ value: Int) -> [UInt8] {
    let digits = String(value, radix: 16, uppercase: true)
    return Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
  }
}
