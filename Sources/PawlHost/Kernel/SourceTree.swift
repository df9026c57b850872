import Foundation
import PawlModel

/// A kernel source tree, fetched so that a cut leaves a whole tree or none: unpacked aside,
/// checked, synced, renamed. `tar` restores old times and a compiler takes an empty file for a
/// whole one, so what was interrupted is thrown away and never completed.
public struct SourceTree {
  public enum Origin: Sendable, Hashable {
    case folder(String)
    case archive(String)
    /// A branch, tag or commit of a repository.
    case git(url: String, reference: String)

    /// `git:URL@REF`, a folder, or an archive that `tar` can read.
    public init(_ text: String) throws(PawlError) {
      guard text.hasPrefix("git:") else {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) else {
          throw PawlError(
            .noInput, "There is no kernel source at \(text).",
            hint: "Install linux-source, or name a folder, a tarball or git:URL@REF.")
        }
        self = isFolder.boolValue ? .folder(text) : .archive(text)
        return
      }
      let rest = text.dropFirst(4)
      guard let at = rest.lastIndex(of: "@"), at != rest.startIndex,
        rest.index(after: at) != rest.endIndex
      else {
        throw PawlError(
          .usage, "\"\(text)\" names no reference.", hint: "Write git:URL@TAG, say.")
      }
      self = .git(url: String(rest[..<at]), reference: String(rest[rest.index(after: at)...]))
    }
  }

  private let host: any HostFiles
  private let tool: Tool

  public init(host: any HostFiles, tool: Tool) {
    self.host = host
    self.tool = tool
  }

  /// Does nothing where the tree is there already: only whole trees ever get that name.
  public func fetch(_ origin: Origin, into target: String) throws {
    if isTree(target) {
      print("\(target) is there already.")
      return
    }
    try requireSpace(for: origin, at: target)
    let aside = target + ".aside"
    if FileManager.default.fileExists(atPath: aside) {
      try FileManager.default.removeItem(atPath: aside)
    }
    try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
    try unpack(origin, into: aside)
    guard isTree(aside) else {
      throw PawlError(
        .stepFailed,
        "What came out is no kernel source: it has no Makefile and Kconfig at its top.",
        hint: "Look at what `source` names.")
    }
    try host.sync(fileSystemsOf: [aside])
    try FileManager.default.moveItem(atPath: aside, toPath: target)
    try host.sync(fileSystemsOf: [target])
    print("The kernel source stands in \(target).")
  }

  /// Writes down what the tree holds, one hashed line a file: later steps are bound to it.
  public func list(_ tree: String, at path: String) throws {
    let me = LiveHost.ownIdentity()
    let listing = try host.manifest(of: tree, as: me).listing
    let present = try host.state(at: path)
    _ = try host.publish(at: path, metadata: nil, mode: 0o644, replacing: present, as: me) {
      try $0(Array(listing.utf8))
    }
  }

  private func isTree(_ path: String) -> Bool {
    ["Makefile", "Kconfig"].allSatisfy {
      FileManager.default.fileExists(atPath: "\(path)/\($0)")
    }
  }

  /// A compressed kernel unpacks to about ten times its size; files of a plain archive take whole
  /// blocks.
  private func requireSpace(for origin: Origin, at target: String) throws {
    guard case .archive(let path) = origin, let size = LiveHost.size(of: path),
      let free = LiveHost().freeBytes(at: target)
    else { return }
    let needed = path.hasSuffix(".tar") ? size + size / 2 : size * 10
    print("source: about \(mebibytes(needed)) MiB needed, \(mebibytes(free)) MiB free")
    guard free >= needed else {
      throw PawlError(
        .refused,
        "Unpacking \(path) needs about \(mebibytes(needed)) MiB; \(mebibytes(free)) are free.",
        hint: "Free \(mebibytes(needed - free)) MiB there, or use another work folder.")
    }
  }

  private func unpack(_ origin: Origin, into aside: String) throws {
    switch origin {
    case .folder(let path):
      try tool.run(["cp", "--archive", "--reflink=auto", "--no-target-directory", path, aside])
    case .archive(let path):
      try tool.run([
        "tar", "--extract", "--file", path, "--directory", aside, "--strip-components=1",
        "--no-same-owner",
      ])
    case .git(let url, let reference):
      try tool.run(["git", "init", "--quiet", aside])
      try tool.run([
        "git", "-C", aside, "fetch", "--quiet", "--depth=1", "--", url, reference,
      ])
      try tool.run(["git", "-C", aside, "checkout", "--quiet", "--detach", "FETCH_HEAD"])
    }
  }

  /// The version that the tree's own Makefile names, `6.1.176` say; nil where it names none.
  public static func version(of tree: String) -> String? {
    (try? String(contentsOfFile: "\(tree)/Makefile", encoding: .utf8)).flatMap {
      version(ofMakefile: $0)
    }
  }

  public static func version(ofMakefile makefile: String) -> String? {
    var parts: [String: String] = [:]
    for line in makefile.split(separator: "\n").prefix(40) {
      let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { continue }
      parts[pair[0].trimmingCharacters(in: .whitespaces)] =
        pair[1].trimmingCharacters(in: .whitespaces)
    }
    guard let version = parts["VERSION"], let level = parts["PATCHLEVEL"] else { return nil }
    return "\(version).\(level).\(parts["SUBLEVEL"] ?? "0")\(parts["EXTRAVERSION"] ?? "")"
  }
}
