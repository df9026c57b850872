import Glibc

/// The folder below which a system lives: `/` for the machine Pawl runs on, any other folder for a
/// fixture, a staging tree or a mounted image.
///
/// Every probe asks through this type, with absolute paths of the system it asks about. Below a root
/// other than `/`, symbolic links are followed as that system would follow them: an absolute target
/// starts again at the root and `..` never climbs above it. The machine's own `/proc` and `/sys` are
/// therefore never mistaken for those of the system below the root.
public struct HostRoot: Sendable, Equatable {
  /// The root folder, without a trailing slash unless it is `/`.
  public let path: String

  /// The machine Pawl runs on.
  public static let live = HostRoot()

  /// Makes a root of `path`; an empty string means `/`.
  public init(path: String = "/") {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed.isEmpty ? "/" : trimmed
  }

  /// True for the machine Pawl runs on.
  public var isLive: Bool { path == "/" }

  /// The place of `absolute` on the disk of the machine Pawl runs on, links not followed.
  public func path(_ absolute: String) -> String {
    let tail = absolute.hasPrefix("/") ? absolute : "/" + absolute
    return isLive ? tail : path + tail
  }

  /// The place of `absolute` with every link in it followed inside the root. Parts that do not exist
  /// are kept as they are; nil when more than 40 links were met.
  public func resolve(_ absolute: String) -> String? {
    if isLive { return path(absolute) }
    var waiting = Array(absolute.split(separator: "/").map(String.init).reversed())
    var done: [String] = []
    var links = 0
    while let part = waiting.popLast() {
      if part == "." { continue }
      if part == ".." {
        _ = done.popLast()
        continue
      }
      let here = path("/" + (done + [part]).joined(separator: "/"))
      guard let target = PathReader.linkTarget(here) else {
        done.append(part)
        continue
      }
      links += 1
      if links > 40 { return nil }
      if target.hasPrefix("/") { done.removeAll() }
      waiting.append(contentsOf: target.split(separator: "/").map(String.init).reversed())
    }
    return path("/" + done.joined(separator: "/"))
  }

  /// Reads a whole file. Files of `/proc` and `/sys` that claim a size of 0 are read to their end.
  /// - Parameter limit: bytes after which the file counts as unreadable; 64 MiB unless told.
  public func read(_ absolute: String, limit: Int = 64 << 20) -> Reading<[UInt8]> {
    guard let place = resolve(absolute) else { return .unreadable("too many symbolic links") }
    return PathReader.read(place, limit: limit)
  }

  /// Reads a file as UTF-8 text; bytes that are not UTF-8 become replacement characters.
  public func text(_ absolute: String) -> Reading<String> {
    read(absolute).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads a file that holds one line, without the white space around it.
  public func line(_ absolute: String) -> Reading<String> {
    text(absolute).map { text in
      let first = text.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
      return first.trimmingWhitespace()
    }
  }

  /// The names in a folder, sorted by bytes.
  public func list(_ absolute: String) -> Reading<[String]> {
    guard let place = resolve(absolute) else { return .unreadable("too many symbolic links") }
    return PathReader.list(place)
  }

  /// What stands at a path, links followed inside the root.
  public func kind(_ absolute: String) -> Reading<HostFileKind> {
    guard let place = resolve(absolute) else { return .unreadable("too many symbolic links") }
    return PathReader.kind(place)
  }

  /// True when something certainly stands at the path; an unreadable path counts as not there, so
  /// use `kind` where the difference matters.
  public func exists(_ absolute: String) -> Bool { kind(absolute).value != nil }

  /// Whether a program of this name is installed in one of the usual folders.
  public func hasProgram(_ name: String) -> Bool {
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].contains { exists("\($0)/\(name)") }
  }

  /// The text of a symbolic link, unfollowed; nil when the path is not one. Links in the folders
  /// that lead to it are followed.
  public func linkTarget(_ absolute: String) -> String? {
    let parts = absolute.split(separator: "/")
    guard let name = parts.last else { return nil }
    let folder = "/" + parts.dropLast().joined(separator: "/")
    guard let place = resolve(folder) else { return nil }
    return PathReader.linkTarget(place == "/" ? "/" + name : place + "/" + name)
  }
}

/// What a path is, as far as detection cares.
public enum HostFileKind: Sendable, Equatable {
  case file, folder, other
}

/// Reading of plain paths, without any root; nothing here traps, blocks on a pipe or follows a link
/// that its caller did not mean.
enum PathReader {
  static func read(_ place: String, limit: Int) -> Reading<[UInt8]> {
    let descriptor = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return failure(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return failure(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .unreadable("it is a folder")
    default: return .unreadable("it is not a regular file")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(Int(status.st_size), 4096), limit) + 1)
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return failure(errno)
      }
      if count == 0 { return .present(bytes) }
      bytes.append(contentsOf: chunk[..<count])
      if bytes.count > limit { return .unreadable("it is larger than \(limit) bytes") }
    }
  }

  static func list(_ place: String) -> Reading<[String]> {
    guard let folder = opendir(place) else { return failure(errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        if errno != 0 { return failure(errno) }
        break
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return .present(names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  static func kind(_ place: String) -> Reading<HostFileKind> {
    var status = stat()
    guard stat(place, &status) == 0 else { return failure(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .present(.file)
    case S_IFDIR: return .present(.folder)
    default: return .present(.other)
    }
  }

  static func linkTarget(_ place: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { raw in
      guard let base = raw.bindMemory(to: CChar.self).baseAddress else { return -1 }
      return readlink(place, base, raw.count)
    }
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// The same path with every link followed by the machine itself; nil when it does not exist.
  static func canonical(_ place: String) -> String? {
    guard let resolved = realpath(place, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  static func failure<Value>(_ code: Int32) -> Reading<Value> {
    code == ENOENT || code == ENOTDIR ? .absent : .unreadable(describe(code))
  }

  static func describe(_ code: Int32) -> String {
    switch code {
    case EACCES, EPERM: "permission denied"
    default: String(cString: strerror(code)).lowercased()
    }
  }
}
