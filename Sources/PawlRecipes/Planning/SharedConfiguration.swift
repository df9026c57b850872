import PawlModel

/// Files that every kernel of a host reads while it boots: modprobe.d(5), modules-load.d(5), udev(7),
/// fstab(5), crypttab(5). One that is changed before a trial is still there when the trial has failed and
/// the old kernel is to get the host back, and may keep that one from it. No undo comes early enough: the
/// journal may lie on a disk that such a file keeps away.
enum SharedConfiguration {
  static let places = [
    "/etc/modprobe.d", "/etc/modules-load.d", "/etc/modules", "/etc/udev", "/etc/fstab",
    "/etc/crypttab", "/usr/lib/modprobe.d", "/usr/lib/modules-load.d", "/usr/lib/udev",
    "/lib/modprobe.d", "/lib/modules-load.d", "/lib/udev",
  ]

  /// Throws `refused` where a step before the plan's trial writes one of them.
  static func refuseBeforeTrial(_ plan: FrozenPlan) throws(PawlError) {
    guard let restart = plan.steps.firstIndex(where: { $0.action.trialTerms != nil }) else {
      return
    }
    for step in plan.steps[..<restart] {
      let written = step.pathsToBackUp + step.outputs
      guard let path = written.first(where: { isShared($0, root: plan.root) }) else { continue }
      throw PawlError(
        .refused,
        "The step \"\(step.id)\" changes \(path) before \(plan.newRelease ?? "the new kernel") was "
          + "tried. The old kernel reads that file too: where the trial fails, the way back may fail "
          + "with it.",
        hint: "Put the step after the restart, or into a plan of its own once the new kernel stays."
      )
    }
  }

  private static func isShared(_ path: String, root: String) -> Bool {
    let inside = root == "/" ? path : String(path.dropFirst(root.count))
    return places.contains { SystemPaths.covers($0, inside) }
  }
}
