import CPawl
import Foundation
import Glibc
import PawlModel

extension LiveHost: HostBuilds {
  public func buildTree(
    at folder: String, searchPath: String, sources: [String], as identity: Identity
  ) throws -> BuildTree? {
    guard let standing = Standing.following(folder), standing.isFolder else { return nil }
    let mount = MountPoint.holding(folder)
    return BuildTree(
      folder: folder, mark: BuildMark.text(of: folder, owner: identity), inode: standing.inode,
      fileSystem: mount?.fileSystem ?? "unknown", source: mount?.identity ?? "unknown",
      mount: standing.mount, bootID: now().bootID, isLazilyTimed: mount?.isLazilyTimed ?? false,
      fingerprint: ToolFingerprint(searchPath: searchPath).parts
        .merging(sources.map { ("source \($0)", ToolFingerprint.ofSource($0)) }) { $1 },
      isLeftOpen: Standing.following(folder + "/" + BuildMark.openName) != nil)
  }

  public func makeBuildFolder(at folder: String, as identity: Identity) throws {
    try makeFolder(at: folder, mode: 0o755, as: identity)
    let names = try FileIdentity.perform(as: identity) {
      try FolderListing.names(in: walk(as: identity).folder(folder), path: folder)
    }
    guard names.isEmpty else { return }
    _ = try publish(
      at: folder + "/" + BuildMark.name, metadata: nil, mode: 0o644, replacing: .absent,
      as: identity
    ) { try $0(BuildMark.fresh) }
  }

  public func openBuild(at folder: String, as identity: Identity) throws -> Int64 {
    try FileIdentity.perform(as: identity) {
      let opened = try walk(as: identity).folder(folder)
      let path = folder + "/" + BuildMark.openName
      _ = unlinkat(opened.raw, BuildMark.openName, 0)
      let file = try Descriptor(
        taking: pawl_create_new(opened.raw, BuildMark.openName), "make", path)
      return try file.stat(path: path).modifiedNanos
    }
  }

  public func closeBuild(at folder: String, as identity: Identity) throws {
    try FileIdentity.perform(as: identity) {
      let opened = try walk(as: identity).folder(folder)
      guard unlinkat(opened.raw, BuildMark.openName, 0) != 0, errno != ENOENT else { return }
      throw systemFault(errno, "remove", folder + "/" + BuildMark.openName)
    }
  }

  public func treatBuild(
    at folder: String, _ treatment: TreeTreatment, as identity: Identity
  ) throws -> TreeRepair {
    try FileIdentity.perform(as: identity) {
      let opened = try walk(as: identity).folder(folder)
      return try BuildRepair(folder: opened, path: folder).perform(treatment)
    }
  }

  public func keepSample(_ sample: CutoffSample, at path: String) {
    guard let bytes = try? CanonicalJSON.encode(sample) else { return }
    let aside = path + ".new"
    guard FileManager.default.createFile(atPath: aside, contents: Data(bytes)) else { return }
    _ = rename(aside, path)
  }

  public func sample(at path: String) -> CutoffSample? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? CanonicalJSON.decode(CutoffSample.self, from: Array(data))
  }
}

/// What tells a folder that Pawl made from all others: a name and a number of its own, in the
/// folder itself or, where the folder is part of a work folder, in that.
enum BuildMark {
  static let name = ".pawl-workspace"
  static let openName = ".pawl-building"

  static var fresh: [UInt8] { Array("pawl workspace \(UUID().uuidString.lowercased())\n".utf8) }

  static func text(of folder: String, owner: Identity) -> String? {
    let parent = "/" + folder.split(separator: "/").dropLast().joined(separator: "/")
    for place in ["\(folder)/\(name)", "\(parent)/\(name)"] {
      var status = stat()
      guard lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        [owner.uid, 0].contains(status.st_uid), let text = smallFile(place),
        text.hasPrefix("pawl workspace ")
      else { continue }
      return text
    }
    return nil
  }
}
