import CPawl

/// The kinds of file system that matter here, by the magic number of `statfs`.
struct FileSystemKind: Hashable {
  let magic: Int64

  /// Of an open file or folder; an unknown kind where the kernel does not tell.
  init(of descriptor: Descriptor) {
    var magic: Int64 = 0
    self.magic = pawl_file_system_magic(descriptor.raw, &magic) == 0 ? magic : 0
  }

  /// No owners, no modes, no links, no extended attributes.
  var isFAT: Bool { [0x4d44, 0x2011_bab0].contains(magic) }

  /// Served by another system, Windows below WSL say, which keeps of owners and modes what it likes.
  var mayRefuseMetadata: Bool { magic == 0x0102_1997 }

  /// Why a journal must not stand there; nil where it may.
  var unfitForJournal: String? { FileSystemKind.unfit[magic] }

  private static let network = "a network file system"
  private static let memory = "kept in memory only and gone after a restart"
  private static let overlay = "an overlay, whose writes may not outlive the container"
  private static let unfit: [Int64: String] = [
    0x6969: network, 0x517b: network, 0xff53_4d42: network, 0xfe53_4d42: network,
    0x0102_1997: network, 0x00c3_6400: network, 0x5346_414f: network, 0x7375_7245: network,
    0x0bd0_0bd0: network, 0x0116_1970: network, 0x7461_636f: network,
    0x6573_5546: "served by a program (FUSE), which may not keep what it was given",
    0x0102_1994: memory, 0x8584_58f6: memory,
    0x794c_7630: overlay, 0x6175_6673: overlay,
  ]
}
