/// What has to happen to a build folder before `make` goes on in it.
public enum TreeTreatment: Sendable, Hashable {
  /// Nothing was in flight.
  case trust
  /// Programs were killed, and the page cache was not lost: what they may have been writing goes.
  case removeInFlight(cutoff: Int64)
  /// The page cache was lost: what was not on disk by then goes, and the ends are made anew.
  case repairAfterCut(cutoff: Int64)
  /// Everything but the configuration goes.
  case clean(why: String)
  /// Not the folder that it was: nothing in it is touched.
  case refuse(why: String)

  /// - Parameters:
  ///   - before: the tree as it was recorded by the attempt before; nil for the first.
  ///   - checkpoint: the cutoff of the newest checkpoint since then.
  ///   - sample: what the dead runner left, where it is of that very attempt.
  ///   - now: the folder as it stands.
  ///   - wallNanos: the wall clock.
  public static func of(
    before: BuildTree?, endWasSeen: Bool, checkpoint: Int64?, sample: CutoffSample?,
    now: BuildTree, wallNanos: Int64
  ) -> TreeTreatment {
    guard let before else {
      guard now.isLeftOpen else { return .trust }
      return cleaned(now, "A build began in \(now.folder) before and was not seen to end.")
    }
    guard now.isSamePlace(as: before) else {
      return .refuse(
        why: "\(now.folder) is not the folder that the build began in: it was made anew, or "
          + "another file system is mounted there.")
    }
    if let part = changedPart(before, now) {
      return cleaned(now, "Its objects were made with another \(part).")
    }
    if endWasSeen { return .trust }
    guard now.mark != nil else { return cleaned(now, "Its build was not seen to end.") }
    let wasCut = before.bootID != now.bootID || before.mount != now.mount
    let durable = checkpoint ?? before.cutoff
    guard wasCut else { return .removeInFlight(cutoff: sample?.cutoff ?? durable) }
    guard now.ordersMetadata else {
      return cleaned(
        now,
        "After a power cut, \(now.fileSystem)\(now.isLazilyTimed ? " with lazytime" : "") may mix old "
          + "and new files of a build.")
    }
    guard durable <= wallNanos else {
      return cleaned(now, "The clock is behind the files of the build; their times say nothing.")
    }
    return .repairAfterCut(cutoff: durable)
  }

  private static func cleaned(_ tree: BuildTree, _ why: String) -> TreeTreatment {
    guard tree.mark != nil else {
      return .refuse(
        why: "\(why) Pawl did not make \(tree.folder), and removes nothing from it.")
    }
    return .clean(why: why)
  }

  private static func changedPart(_ before: BuildTree, _ now: BuildTree) -> String? {
    Set(before.fingerprint.keys).union(now.fingerprint.keys).sorted()
      .first { before.fingerprint[$0] != now.fingerprint[$0] }
  }
}

/// What a treatment came to.
public struct TreeRepair: Codable, Sendable, Hashable {
  /// Files removed, by reason.
  public var removed: [String: Int]
  public var kept: Int

  public init(removed: [String: Int] = [:], kept: Int = 0) {
    self.removed = removed
    self.kept = kept
  }

  public var total: Int { removed.values.reduce(0, +) }
}
