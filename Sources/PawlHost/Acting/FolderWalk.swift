import CPawl
import Glibc
import PawlModel

/// A name in an open folder. `path` is for sentences only: what is acted on is the folder's
/// descriptor and the name, whatever is renamed around them meanwhile.
struct Place {
  let folder: Descriptor
  let name: String
  let path: String
}

/// Opens folders component by component. A link on the way is followed only where root or the
/// acting user owns it, since anybody else could point it at another place at any moment. Below
/// a root other than `/`, links cannot lead out: absolute ones start at the root again, and `..`
/// stops there.
struct FolderWalk {
  let root: String
  let identity: Identity

  /// The folder of a path and its last component, which is not looked at.
  func place(_ path: String) throws -> Place {
    let parts = try components(of: path)
    guard let name = parts.last, name != ".." else {
      throw PawlError(.refused, "\(path) names no file.", hint: "Give the path of a file.")
    }
    let folder = try walk(Array(parts.dropLast()), of: path, creating: nil)
    return Place(folder: folder, name: name, path: path)
  }

  func folder(_ path: String) throws -> Descriptor {
    try walk(try components(of: path), of: path, creating: nil)
  }

  /// Makes what is missing with this mode, each folder durable in its parent before the next.
  func makeFolder(_ path: String, mode: UInt32) throws -> Descriptor {
    try walk(try components(of: path), of: path, creating: mode)
  }

  private var isConfined: Bool { root != "/" && !root.isEmpty }

  private func components(of path: String) throws -> [String] {
    guard path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw PawlError(.refused, "The path \"\(path)\" is not absolute.", hint: "Start it with /.")
    }
    return split(path)
  }

  private func split(_ path: String) -> [String] {
    path.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  /// Where the walk starts, and what of the path then remains.
  private func start(_ parts: [String]) throws -> (base: Descriptor, rest: ArraySlice<String>) {
    let rootParts = split(root)
    guard isConfined, parts.starts(with: rootParts) else {
      return (try Descriptor(taking: pawl_open_folder(AT_FDCWD, "/"), "open", "/"), parts[...])
    }
    // The person who named the root vouches for it: links on the way to it are followed.
    let base = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let descriptor = try Descriptor(taking: base < 0 ? -errno : base, "open", root)
    return (descriptor, parts.dropFirst(rootParts.count))
  }

  private func walk(_ parts: [String], of path: String, creating mode: UInt32?) throws
    -> Descriptor
  {
    let (base, rest) = try start(parts)
    var trail = [base]
    var pending = Array(rest.reversed())
    var linksLeft = 40
    while let name = pending.popLast() {
      if name == ".." {
        if trail.count > 1 { trail.removeLast() }
        continue
      }
      let current = trail[trail.count - 1]
      switch try enter(name, in: current, of: path, creating: mode) {
      case .folder(let next): trail.append(next)
      case .link(let target):
        linksLeft -= 1
        guard linksLeft > 0 else { throw systemFault(ELOOP, "open", path) }
        if target.hasPrefix("/") { trail = [base] }
        pending.append(contentsOf: split(target).reversed())
      }
    }
    return trail[trail.count - 1]
  }

  private enum Entered {
    case folder(Descriptor)
    case link(String)
  }

  private func enter(
    _ name: String, in folder: Descriptor, of path: String, creating mode: UInt32?
  ) throws -> Entered {
    let opened = pawl_open_folder(folder.raw, name)
    if opened >= 0 { return .folder(try Descriptor(taking: opened, "open", path)) }
    if opened == -ENOENT, let mode {
      return .folder(try FolderWalk.make(name, in: folder, mode: mode, path: path))
    }
    guard opened == -ENOTDIR || opened == -ELOOP else { throw systemFault(-opened, "open", path) }
    // The handle pins the link: what is judged is what is read.
    let handle = try Descriptor(taking: pawl_open_handle(folder.raw, name), "open", path)
    let standing = try handle.stat(path: path)
    guard standing.isLink else { throw systemFault(ENOTDIR, "open", path) }
    guard [0, identity.uid, geteuid()].contains(standing.uid) else {
      throw PawlError(
        .refused,
        "The folder \(name) on the way to \(path) is a link that belongs to uid \(standing.uid).",
        hint: "Name the real path, or give the link to root.")
    }
    return .link(try linkTarget(of: handle, name: "", path: path))
  }

  /// Makes one folder, exactly with this mode, and makes its entry durable.
  static func make(_ name: String, in folder: Descriptor, mode: UInt32, path: String) throws
    -> Descriptor
  {
    let made = mkdirat(folder.raw, name, mode_t(mode & 0o777))
    let code = errno
    guard made == 0 || code == EEXIST else { throw systemFault(code, "make the folder", path) }
    let opened = try Descriptor(taking: pawl_open_folder(folder.raw, name), "open", path)
    guard made == 0 else { return opened }
    // The umask may have taken bits away. The name was new in this call, and no link.
    let changed = fchmodat(folder.raw, name, mode_t(mode & 0o7777), 0)
    if changed != 0, !isUnsupported(errno), errno != EPERM {
      throw systemFault(errno, "set the mode of", path)
    }
    try syncFolder(folder, path: path)
    return opened
  }
}

/// Where a link leads; an empty name means the link that the descriptor itself is a handle on.
func linkTarget(of folder: Descriptor, name: String, path: String) throws -> String {
  var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
  let count = try calling("read the link", path) {
    readlinkat(folder.raw, name, &bytes, Int(PATH_MAX))
  }
  return try text(bytes.prefix(count).map { UInt8(bitPattern: $0) }, path: path)
}

/// A name as the kernel holds it; names are bytes there, and only UTF-8 can be recorded.
func text(_ bytes: [UInt8], path: String) throws(PawlError) -> String {
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw PawlError(
      .refused, "A name below \(path) is not valid UTF-8.", hint: "Rename it, then try again.")
  }
  return text
}

/// Makes the names in a folder durable.
func syncFolder(_ folder: Descriptor, path: String) throws(PawlError) {
  try Descriptor(taking: pawl_open_for_sync(folder.raw), "open the folder of", path)
    .sync(path: path)
}
