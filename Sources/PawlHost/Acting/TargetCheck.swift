import Glibc
import PawlModel

/// What a file action refuses to replace or remove, each with its own reason.
enum TargetCheck {
  /// Returns what stands there, nil for nothing, or throws the refusal.
  static func plainFile(_ place: Place) throws -> Standing? {
    guard let standing = try Standing.find(place) else { return nil }
    if standing.isLink { throw try link(place) }
    let path = place.path
    guard standing.isFile else {
      throw PawlError(
        .refused, "\(path) is a \(standing.kind), not a file.",
        hint: "Pawl replaces and removes plain files only.")
    }
    if standing.linkCount > 1 {
      throw PawlError(
        .refused, "\(path) is one of \(standing.linkCount) names of the same file (hard links).",
        hint: "Replacing it would part them. Copy it to a file of its own first.")
    }
    if standing.isImmutable || standing.isAppendOnly {
      let (flag, letter) = standing.isImmutable ? ("immutable", "i") : ("append-only", "a")
      throw PawlError(
        .refused, "\(path) is marked \(flag).",
        hint: "If that is no longer wanted, take the mark away: chattr -\(letter) \(path)")
    }
    if try isMountPoint(standing, place) {
      throw PawlError(
        .refused, "Another file is mounted over \(path).",
        hint: "Unmount it, or change the file at its source.")
    }
    return standing
  }

  private static func link(_ place: Place) throws -> PawlError {
    let target = try linkTarget(of: place.folder, name: place.name, path: place.path)
    return PawlError(
      .refused, "\(place.path) is a symbolic link to \(target).",
      hint: "Name the file that it leads to.")
  }

  private static func isMountPoint(_ standing: Standing, _ place: Place) throws -> Bool {
    if standing.isMountRoot { return true }
    let folder = try place.folder.stat(path: place.path)
    // Kernels before 5.8 cannot tell the mount; they refuse the rename with EBUSY.
    guard standing.mount != 0, folder.mount != 0 else { return standing.device != folder.device }
    return standing.mount != folder.mount
  }

  /// The sentence for bytes that are not the expected ones.
  static func differs(_ path: String, _ expected: FileState) -> PawlError {
    let was: String
    switch expected {
    case .absent: was = "nothing stood there"
    case .file(_, let digest, let size): was = "it had \(size) bytes, SHA-256 \(digest.short)…"
    case .other(let kind): was = "it was a \(kind)"
    }
    return PawlError(
      .needsPerson, "\(path) is not what it was: when Pawl last looked, \(was).",
      hint: "Somebody changed it since. Nothing was overwritten; look at it and plan anew.")
  }
}
