import Foundation
import PawlModel

/// The initramfs of a kernel, made by the host's own program for it: aside, looked at, on disk, then put in
/// place, since dracut writes in place and a cut in the middle leaves half of one.
///
/// What survives a power cut: the whole initramfs, or what was there before.
public struct KernelInitramfs {
  private let root: HostRoot
  private let release: String
  private let place: String
  private let maker: InitramfsTool
  private let files: any HostFiles

  /// Throws `refused` where no program for it is installed.
  /// `place`: the file that the menu's entry of the release names.
  public init(
    root: HostRoot, release: String, place: String, files: any HostFiles
  ) throws(PawlError) {
    guard let maker = InitramfsTool.detect(root: root, family: .of(root)).value else {
      throw InitramfsTool.missing
    }
    self.root = root
    self.release = release
    self.maker = maker
    self.files = files
    self.place = place
  }

  var name: InitramfsTool.Name { maker.name }

  /// May be repeated.
  /// - Parameters:
  ///   - options: of the program, before all others.
  ///   - archive: put behind what it makes.
  public func make(
    with tool: Tool, adding options: [String] = [], behind archive: [UInt8] = []
  ) throws {
    let aside = root.path("/boot/.pawl-initramfs-\(release)")
    let argv = maker.command(release: release, writing: aside)
    try withReturn { more in try tool.run(argv.prefix(1) + more + options + argv.dropFirst()) }
    let identity = LiveHost.ownIdentity()
    let made = try files.state(at: aside)
    guard made.digest != nil else { throw failure("wrote no \(aside)") }
    let present = try files.state(at: root.path(place))
    try files.makeFolder(
      at: (root.path(place) as NSString).deletingLastPathComponent, mode: 0o755, as: identity)
    // Keys of disks may be in it: dracut and mkinitcpio leave it to root alone, too.
    _ = try files.publish(
      at: root.path(place), metadata: nil, mode: 0o600, replacing: present, as: identity
    ) { write in
      var length = 0
      _ = try files.read(at: aside, as: identity) { bytes in
        if length == 0 { try requireArchive(bytes) }
        length += bytes.count
        try write(bytes)
      }
      if length == 0 { throw failure("left it empty") }
      if !archive.isEmpty { try write(Cpio.padding(behind: length) + archive) }
    }
    try files.remove(at: aside, expecting: made, as: identity)
    try files.sync(fileSystemsOf: [root.path(place)])
    print("\(maker.name.rawValue) made \(place).")
  }

  /// With what ends a trial whose root is not found, where no word of the command line does.
  private func withReturn(_ body: ([String]) throws -> Void) throws {
    switch maker.name {
    case .mkinitcpio:
      try PrivateFolder.with { folder in
        try body(MkinitcpioHooks.hookDirectories + MkinitcpioHooks(folder: folder).layReturn())
      }
    case .initramfsTools, .dracut, .mkinitfs, .booster: try body([])
    }
  }

  private func requireArchive(_ head: [UInt8]) throws {
    guard Self.beginnings.contains(where: { head.starts(with: $0) }) else {
      throw failure("what it wrote is no initramfs")
    }
  }

  /// A program that ends with 0 and writes nothing leaves a kernel that cannot find its root.
  private func failure(_ what: String) -> PawlError {
    PawlError(
      .stepFailed, "\(maker.name.rawValue) ended well, and \(what).",
      hint: "Check the free space of /boot, and what it printed above.")
  }

  /// A cpio archive as it is, or packed. (kernel: Documentation/driver-api/early-userspace/
  /// buffer-format.rst; lib/decompress.c)
  private static let beginnings: [[UInt8]] = [
    Array("070701".utf8), Array("070702".utf8), [0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd],
    [0xfd, 0x37, 0x7a, 0x58, 0x5a], [0x02, 0x21, 0x4c, 0x18], Array("BZh".utf8),
    [0x5d, 0x00, 0x00], [0x89, 0x4c, 0x5a, 0x4f],
  ]
}
