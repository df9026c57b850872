import PawlModel

/// Files that every kernel of a host reads while it boots: modprobe.d(5), modules-load.d(5), udev(7),
/// fstab(5), crypttab(5). One that is changed before a trial is still there when the trial has failed and
/// the old kernel is to get the host back, and may keep that one from it. No undo comes early enough: the
/// journal may lie on a disk that such a file keeps away.
enum SharedConfiguration {
  static let places = [
    "/etc/modprobe.d", "/etc/modules-load.d", "/etc/modules", "/etc/udev", "/etc/fstab",
    "/etc/crypttab", "/usr/lib/modprobe.d", "/usr/lib/modules-load.d", "/usr/lib/udev",
    "/lib/modprobe.d", "/lib/modules-load.d", "/lib/udev", "/usr/local/lib/modprobe.d",
    "/usr/local/lib/modules-load.d", "/usr/local/lib/udev", "/etc/conf.d/modules",
  ]

  /// Throws `refused` where a step writes one of them before the plan's new kernel is promoted, by the
  /// last step that changes what Pawl wants of the menu.
  static func refuseBeforeTrial(_ plan: FrozenPlan) throws(PawlError) {
    guard let restart = plan.steps.firstIndex(where: { $0.action.trialTerms != nil }) else {
      return
    }
    let promotion = plan.steps.lastIndex { $0.backups.contains(PawlEntries.path) } ?? restart
    for step in plan.steps[...max(restart, promotion)] {
      guard let path = written(by: step).first(where: { isShared($0, root: plan.root) }) else {
        continue
      }
      throw PawlError(
        .refused,
        "The step \"\(step.id)\" changes \(path) before \(plan.newRelease ?? "the new kernel") was "
          + "tried and stays. The old kernel reads that file too: where the trial fails, the way back "
          + "may fail with it.",
        hint: "Put the step after the promotion, or into a plan of its own.")
    }
  }

  private static func written(by step: FrozenStep) -> [String] {
    guard case .copyTree(_, let to) = step.action else { return step.pathsToBackUp + step.outputs }
    return [to]
  }

  private static func isShared(_ path: String, root: String) -> Bool {
    let inside = root == "/" ? path : String(path.dropFirst(root.count))
    return places.contains { SystemPaths.covers($0, inside) }
  }
}
