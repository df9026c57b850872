import CPawl
import Glibc
import PawlModel

/// Replaces, makes or removes one file. At every instant, a crash included, the name means the
/// old bytes or the new ones, whole; what a crash may leave besides is a temporary file.
struct FilePublisher {
  let target: Place
  let identity: Identity

  func publish(
    metadata: FileMetadata?, mode: UInt32?, replacing expected: FileState,
    fill: (_ write: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> FileState {
    let before = try requireStill(expected)
    let aside = try AsideFile(for: target, as: identity)
    try aside.write(fill)
    try aside.set(
      WantedMetadata(
        metadata, mode: mode, replacing: before, as: identity, in: target.folder))
    try aside.sync()
    let state = try aside.readBack()
    try exchange(aside, expected)
    try syncFolder(target.folder, path: target.path)
    return state
  }

  /// Moved out of its name first and then looked at, so that an edit of the last instant is seen.
  func remove(expecting expected: FileState) throws {
    try requireStill(expected)
    guard case .file = expected else { return }
    try FileIdentity.perform(as: identity) { try takeAway(expected) }
    try syncFolder(target.folder, path: target.path)
  }

  /// Puts the prepared file in its place. Afterwards only the folder remains to be synced.
  func exchange(_ aside: AsideFile, _ expected: FileState) throws {
    try FileIdentity.perform(as: identity) {
      switch expected {
      case .absent: try linkNew(aside)
      case .file: try exchangeOld(aside, expected)
      case .other: throw TargetCheck.differs(target.path, expected)
      }
    }
  }

  /// Refuses what must not be touched, and what is not as expected, before anything is written.
  /// Returns what stands there now: only its bytes are bound by `expected`, its metadata are kept.
  @discardableResult
  private func requireStill(_ expected: FileState) throws -> FileState {
    try FileIdentity.perform(as: identity) {
      _ = try TargetCheck.plainFile(target)
      let found = try FileReading.state(target)
      guard found.sameContent(as: expected) else {
        throw TargetCheck.differs(target.path, expected)
      }
      return found
    }
  }

  private func linkNew(_ aside: AsideFile) throws {
    let folder = target.folder.raw
    var code = -pawl_rename_new(folder, aside.place.name, target.name)
    if isUnsupported(code) {
      // A hard link fails as well where the name is taken; FAT has no links either.
      code = linkat(folder, aside.place.name, folder, target.name, 0) == 0 ? 0 : errno
      if code == 0 { return try aside.remove() }
      if code != EEXIST { return try renameOver(aside, .absent) }
    }
    if code == EEXIST { throw TargetCheck.differs(target.path, .absent) }
    try checked(-code, "put in place", target.path)
    aside.giveUpName()
  }

  private func exchangeOld(_ aside: AsideFile, _ expected: FileState) throws {
    let folder = target.folder.raw
    let code = -pawl_rename_exchange(folder, aside.place.name, target.name)
    if isUnsupported(code) { return try renameOver(aside, expected) }
    if code == ENOENT { throw TargetCheck.differs(target.path, expected) }
    try checked(-code, "exchange", target.path)
    // From here on the temporary name holds the old file: it goes only when it is the expected.
    aside.giveUpName()
    let old = try? FileReading.state(aside.place)
    guard let old, old.sameContent(as: expected) else {
      try checked(
        pawl_rename_exchange(folder, aside.place.name, target.name),
        "put back what stood at (it is \(aside.place.name) now)", target.path)
      try removeUnlessEdited(aside)
      throw TargetCheck.differs(target.path, expected)
    }
    try aside.remove()
  }

  /// The new file had its name for a moment, and somebody may have written to it: then it is kept,
  /// under a name that nothing of Pawl's takes for a leftover.
  private func removeUnlessEdited(_ aside: AsideFile) throws {
    let left = try? FileReading.state(aside.place)
    if left?.digest == aside.digest { return try aside.remove() }
    let kept = "\(aside.place.name.dropLast(".aside".count)).kept"
    try checked(
      pawl_rename_new(target.folder.raw, aside.place.name, kept), "keep the edit of", target.path)
    throw PawlError(
      .needsPerson,
      "\(target.path) was changed twice while it was about to be replaced: the first change stands "
        + "there, the second is kept beside it as \(kept).",
      hint: "Look at both and plan anew; nothing was lost.")
  }

  /// For file systems without exchange: one more comparison, then a plain rename.
  private func renameOver(_ aside: AsideFile, _ expected: FileState) throws {
    let folder = target.folder.raw
    guard try FileReading.state(target).sameContent(as: expected) else {
      throw TargetCheck.differs(target.path, expected)
    }
    try calling("put in place", target.path) {
      renameat(folder, aside.place.name, folder, target.name)
    }
    aside.giveUpName()
  }

  private func takeAway(_ expected: FileState) throws {
    let folder = target.folder.raw
    let out = Place(folder: target.folder, name: AsideFile.newName(), path: target.path)
    let code = -pawl_rename_new(folder, target.name, out.name)
    if isUnsupported(code) {
      try calling("remove", target.path) { unlinkat(folder, target.name, 0) }
      return
    }
    try checked(-code, "remove", target.path)
    guard let state = try? FileReading.state(out), state.sameContent(as: expected) else {
      try checked(
        pawl_rename_new(folder, out.name, target.name),
        "put back what stood at (it is \(out.name) now)", target.path)
      throw TargetCheck.differs(target.path, expected)
    }
    try calling("remove", target.path) { unlinkat(folder, out.name, 0) }
  }
}
