import Foundation
import PawlModel

/// A copy of the kernel that runs, of Pawl's own, under a name that no hook and no package matches:
/// whatever else is installed, removed or made anew, the way back is still what once booted.
public struct FallbackCopy {
  let root: HostRoot
  let files: any HostFiles
  let facts: any HostFacts
  let loader: any BootLoader

  public init(
    root: HostRoot, files: any HostFiles, facts: any HostFacts, loader: any BootLoader
  ) {
    self.root = root
    self.files = files
    self.facts = facts
    self.loader = loader
  }

  public static func folder(of release: String, loader: any BootLoader) -> String {
    "\(loader.copiesFolder)/fallback-\(release)"
  }

  /// Copies image and initrds of the running kernel's entry and returns the entry that starts the
  /// copies with the command line that is proven: the one the host runs with.
  ///
  /// What survives a power cut: each copy whole, or not at all; repeating it is safe.
  public func make(of running: BootIdentity) throws -> PawlEntries {
    let source = try sourceEntry(of: running)
    try requireSameKernel(source.image, running)
    let folder = Self.folder(of: running.release, loader: loader)
    try requireSpace(for: source.files, in: folder)
    try files.makeFolder(at: root.path(folder), mode: 0o755, as: LiveHost.ownIdentity())
    var digests: [String: Digest] = [:]
    func copied(_ path: String) throws -> String {
      let target = target(of: path, in: folder)
      if target != path { try copy(path, to: target) }
      digests[target] = try digest(target)
      return target
    }
    let fallback = BootEntry(
      id: PawlEntries.fallbackID, title: "Pawl: Linux \(running.release), known to boot",
      image: try copied(source.image), initrds: try source.initrds.map(copied),
      commandLine: TrialArguments.stripped(from: running.commandLine))
    try files.sync(fileSystemsOf: [root.path(folder)])
    return PawlEntries(
      fallback: fallback, releases: [fallback.id: running.release], files: digests)
  }

  /// That of a copy is what it is.
  private func target(of path: String, in folder: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return "\(folder)/\(loader.copyName(of: name))"
  }

  /// Makes a copy anew that somebody removed or changed, from a file of the kernel's own entry that is
  /// still, byte for byte, what was copied. Throws where there is none.
  ///
  /// What survives a power cut: as for `make`.
  public func restore(_ own: PawlEntries) throws {
    let lost = try own.fallback.files.filter {
      try files.state(at: root.path($0)).digest != own.files[$0]
    }
    guard let first = lost.first else { return }
    let entry = try own.fallbackRelease.flatMap(loader.distributionEntry(of:))
    let sources = entry?.files ?? []
    let folder = root.path((first as NSString).deletingLastPathComponent)
    try files.makeFolder(at: folder, mode: 0o755, as: LiveHost.ownIdentity())
    for path in lost {
      guard
        let source = try sources.first(where: {
          try files.state(at: root.path($0)).digest == own.files[path]
        })
      else {
        throw PawlError(
          .refused,
          "\(path), the way back, is gone or changed, and the kernel's own file is another now.",
          hint: "Start a kernel that you know, and plan again.")
      }
      try copy(source, to: path)
      print("\(path) was gone or changed: copied anew from \(source).")
    }
    try files.sync(fileSystemsOf: [folder])
  }

  /// Of a kernel whose own entry is gone, a copy of Pawl's from before will do.
  private func sourceEntry(of running: BootIdentity) throws -> BootEntry {
    if let entry = try loader.distributionEntry(of: running.release) { return entry }
    let earlier = try EntriesFile(root: root, files: files).read()
    if let earlier, earlier.fallbackRelease == running.release { return earlier.fallback }
    throw PawlError(
      .refused,
      "The menu of \(loader.name) has no entry for \(running.release), the kernel that runs: there "
        + "would be no way back to it.",
      hint: "Restart into a kernel of the menu, or make the menu anew, then plan again.")
  }

  /// Another build of the same release may lie on disk.
  private func requireSameKernel(_ image: String, _ running: BootIdentity) throws {
    switch KernelImage.identity(image, root: root) {
    case .present(let found):
      guard found.release == running.release, found.version == running.version else {
        throw PawlError(
          .refused,
          "\(image) is not the kernel that runs: it is \(found.release) \(found.version ?? ""), and "
            + "\(running.release) \(running.version) runs.",
          hint: "Restart, so that what is on disk is proven to boot, then plan again.")
      }
    case .absent:
      throw PawlError(
        .refused, "\(image), the kernel that runs, is no longer there.",
        hint: "Install its package again, then plan again.")
    case .unreadable(let reason):
      print("Not compared with the running kernel: \(image): \(reason).")
    }
  }

  private func requireSpace(for paths: [String], in folder: String) throws {
    let needed = try paths.reduce(Int64(1 << 20)) { sum, path in
      let target = target(of: path, in: folder)
      if try files.state(at: root.path(target)) != .absent { return sum }
      guard case .file(_, _, let size) = try files.state(at: root.path(path)) else { return sum }
      return sum + size
    }
    let place = root.path(loader.copiesFolder)
    guard let free = facts.freeBytes(at: place), free < needed else { return }
    throw PawlError(
      .refused,
      "\(loader.copiesFolder) has \(mebibytes(free)) MiB free; a copy of the running kernel needs "
        + "\(mebibytes(needed)).",
      hint: "Remove a kernel that you no longer need, by its package. Pawl removes none.")
  }

  private func copy(_ source: String, to target: String) throws {
    let from = root.path(source)
    let place = root.path(target)
    let wanted = try files.state(at: from)
    if try files.state(at: place).sameContent(as: wanted) { return }
    try files.replace(place, by: from, mode: 0o600)
  }

  private func digest(_ path: String) throws -> Digest {
    guard let digest = try files.state(at: root.path(path)).digest else {
      throw PawlError(.stepFailed, "\(path) is not there after it was copied.")
    }
    return digest
  }

  /// Removes copies that neither the menu nor `wanted` needs any more.
  public func removeUnneeded(keeping wanted: [PawlEntries]) throws {
    let folder = loader.copiesFolder
    for name in root.list(folder).value ?? [] where name.hasPrefix("fallback-") {
      let place = "\(folder)/\(name)"
      let isNeeded = wanted.contains { entries in
        entries.fallback.files.contains { $0.hasPrefix(place + "/") }
      }
      if isNeeded { continue }
      let identity = LiveHost.ownIdentity()
      let manifest = try files.manifest(of: root.path(place), as: identity)
      _ = try files.removeTree(manifest, at: root.path(place), as: identity)
    }
  }
}
