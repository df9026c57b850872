import CPawl
import Foundation
import Glibc
import PawlModel

/// Looks whether root alone decides what stands at a path: it, every folder on the way, and those
/// of links.
struct TrustedPath {
  enum Fault: Error {
    case missing(code: Int32)
    case loop
    /// Somebody else than root can write to this part of the way, or to the file itself.
    case writable(part: String, by: String)
  }

  let path: String

  /// The path without links. Where nothing stands there, what there is of the way was looked at
  /// before that is said.
  @discardableResult
  func check() throws(Fault) -> String {
    var pending = TrustedPath.parts(of: path)
    var current = "/"
    var linksLeft = 40
    try requireRootsAlone(current, allowsSticky: true)
    while let name = pending.popLast() {
      if name == "." { continue }
      if name == ".." {
        current = (current as NSString).deletingLastPathComponent
        continue
      }
      let next = current == "/" ? "/" + name : current + "/" + name
      try requireRootsEntry(next, in: current)
      guard let target = TrustedPath.linkTarget(next) else {
        try requireRootsAlone(next, allowsSticky: true)
        current = next
        continue
      }
      // The link's own folder was looked at already: nobody else can point it elsewhere.
      linksLeft -= 1
      guard linksLeft > 0 else { throw .loop }
      if target.hasPrefix("/") { current = "/" }
      pending.append(contentsOf: TrustedPath.parts(of: target))
    }
    // Whichever way the path ends there, by a dot or two as well: in it anybody can make files.
    try requireRootsAlone(current, allowsSticky: false)
    return current
  }

  private func requireRootsAlone(_ part: String, allowsSticky: Bool) throws(Fault) {
    guard let standing = Standing.following(part) else { throw .missing(code: errno) }
    guard let other = standing.writerBesidesRoot else { return }
    if allowsSticky, standing.isStickyOfRoot { return }
    throw .writable(part: part, by: other)
  }

  /// In a sticky folder, `/tmp` say, nobody renames or removes what is root's. What is not there
  /// yet anybody can make, and what is somebody else's is.
  private func requireRootsEntry(_ entry: String, in folder: String) throws(Fault) {
    guard let standing = Standing.following(folder), standing.isStickyOfRoot,
      let other = standing.writerBesidesRoot
    else { return }
    var found = stat()
    guard lstat(entry, &found) == 0, found.st_uid == 0 else {
      throw .writable(part: folder, by: other)
    }
  }

  /// Last first.
  private static func parts(of path: String) -> [String] {
    path.split(separator: "/").map(String.init).reversed()
  }

  private static func linkTarget(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension Standing {
  /// Who else than root may put other bytes there, in words; nil where nobody may.
  fileprivate var writerBesidesRoot: String? {
    guard isWritableByOthersThanRoot else { return nil }
    if permissions & 0o002 != 0 { return "everybody" }
    return uid != 0 ? "the user \(userName(uid))" : "the group \(groupName(gid))"
  }
}

private func userName(_ uid: uid_t) -> String {
  LiveHost.account(of: uid)?.name ?? "with uid \(uid)"
}

private func groupName(_ gid: gid_t) -> String {
  var entry = group()
  var found: UnsafeMutablePointer<group>?
  var buffer = [CChar](repeating: 0, count: 65536)
  // What the entry points to is inside the buffer.
  return buffer.withUnsafeMutableBufferPointer { space in
    guard let base = space.baseAddress,
      getgrgid_r(gid, &entry, base, space.count, &found) == 0, found != nil
    else { return "with gid \(gid)" }
    return String(cString: entry.gr_name)
  }
}
