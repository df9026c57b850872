import CPawl
import Glibc
import PawlModel

/// Finds the program of a request, and for root makes sure that nobody else could have put it
/// there. A refusal is a sentence: the program counts as not started.
struct ProgramPath {
  struct Refusal: Error { let sentence: String }

  let request: ProcessRequest

  func resolve() throws(Refusal) -> String {
    guard let name = request.argv.first, !name.isEmpty else {
      throw Refusal(sentence: "No program was named.")
    }
    let path = try name.contains("/") ? absolute(name) : search(name)
    if request.identity.isRoot { try requireTrusted(path) }
    return path
  }

  private func absolute(_ name: String) -> String {
    name.hasPrefix("/") ? name : request.directory + "/" + name
  }

  private func search(_ name: String) throws(Refusal) -> String {
    let folders = (request.environment["PATH"] ?? "").split(separator: ":")
    for folder in folders where folder.hasPrefix("/") {
      let path = folder + "/" + name
      if let found = Standing.following(path), found.isFile, found.permissions & 0o111 != 0 {
        return path
      }
    }
    let places = folders.isEmpty ? "no folders" : folders.joined(separator: ", ")
    throw Refusal(sentence: "\(name) was not found in the PATH of the plan (\(places)).")
  }

  /// Every folder on the way, those of links included, and the file itself.
  private func requireTrusted(_ path: String) throws(Refusal) {
    var pending = Array(path.split(separator: "/").map(String.init).reversed())
    var current = "/"
    var linksLeft = 40
    try requireTrusted(current, of: path)
    while let name = pending.popLast() {
      if name == "." { continue }
      if name == ".." {
        current = ProgramPath.parent(of: current)
        continue
      }
      let next = current == "/" ? "/" + name : current + "/" + name
      guard let target = ProgramPath.linkTarget(next) else {
        try requireTrusted(next, of: path)
        current = next
        continue
      }
      // The link's own folder was looked at already: nobody else can point it elsewhere.
      linksLeft -= 1
      guard linksLeft > 0 else { throw Refusal(sentence: "\(path) is a loop of links.") }
      if target.hasPrefix("/") { current = "/" }
      pending.append(contentsOf: target.split(separator: "/").map(String.init).reversed())
    }
  }

  private func requireTrusted(_ part: String, of path: String) throws(Refusal) {
    guard let standing = Standing.following(part) else {
      throw Refusal(sentence: "\(path) is not there: \(reason(errno)).")
    }
    guard standing.isWritableByOthersThanRoot else { return }
    let what = part == path ? "it" : part
    throw Refusal(
      sentence: "\(path) is not run as root, since another user than root can write to \(what).")
  }

  private static func linkTarget(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func parent(of path: String) -> String {
    "/" + path.split(separator: "/").dropLast().joined(separator: "/")
  }
}
