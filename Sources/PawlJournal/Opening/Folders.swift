import Foundation
import Glibc
import PawlModel

/// Folders and small files that have to survive a power cut.
enum Folders {
  static func parent(of path: String) -> String {
    let above = (path as NSString).deletingLastPathComponent
    return above.isEmpty ? "." : above
  }

  /// Makes what is missing of the folder, 0700, and syncs every entry that it made: when it
  /// returns, a power cut no longer takes the folder away.
  static func create(_ folder: String) throws(PawlError) {
    var info = stat()
    if stat(folder, &info) == 0 {
      guard info.st_mode & S_IFMT == S_IFDIR else {
        throw Faults.system(ENOTDIR, "use", path: folder, code: .cannotCreate)
      }
      return
    }
    guard errno == ENOENT else {
      throw Faults.system(errno, "use the folder", path: folder, code: .cannotCreate)
    }
    let above = parent(of: folder)
    try create(above)
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw Faults.system(errno, "make the folder", path: folder, code: .cannotCreate)
    }
    try sync(folder)
    try sync(above)
  }

  /// Makes the entries of a folder durable.
  static func sync(_ folder: String) throws(PawlError) {
    try syncPath(folder, flags: O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  /// Makes the bytes of a file durable.
  static func syncFile(_ path: String) throws(PawlError) {
    try syncPath(path, flags: O_RDONLY | O_CLOEXEC)
  }

  private static func syncPath(_ path: String, flags: Int32) throws(PawlError) {
    let descriptor = open(path, flags)
    guard descriptor >= 0 else { throw Faults.system(errno, "sync", path: path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Faults.system(errno, "sync", path: path) }
  }

  /// Makes an empty file that only this user can read. Throws where something is there already.
  static func createPrivate(_ path: String) throws(PawlError) {
    try create(path, isPrivate: true)
  }

  private static func create(_ path: String, isPrivate: Bool) throws(PawlError) {
    let mode: mode_t = isPrivate ? 0o600 : 0o644
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw Faults.system(errno, "make", path: path, code: .cannotCreate)
    }
    defer { close(descriptor) }
    guard !isPrivate || fchmod(descriptor, 0o600) == 0 else {
      throw Faults.system(errno, "protect", path: path, code: .cannotCreate)
    }
  }

  /// Replaces a small file in one piece: after a power cut it holds the old bytes or the new.
  static func replace(
    _ path: String, with bytes: [UInt8], isPrivate: Bool = true
  ) throws(PawlError) {
    let aside = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try create(aside, isPrivate: isPrivate)
    do throws(PawlError) {
      try write(bytes, to: aside)
      guard rename(aside, path) == 0 else { throw Faults.system(errno, "replace", path: path) }
    } catch {
      unlink(aside)
      throw error
    }
    try sync(parent(of: path))
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(PawlError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Faults.system(errno, "write", path: path) }
    defer { close(descriptor) }
    try writeAll(bytes[...], to: descriptor, path: path)
    guard fsync(descriptor) == 0 else { throw Faults.system(errno, "sync", path: path) }
  }

  static func writeAll(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String
  ) throws(PawlError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Faults.system(errno, "write", path: path) }
      rest = rest.dropFirst(count)
    }
  }
}
