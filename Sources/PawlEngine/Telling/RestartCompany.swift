import PawlHost
import PawlModel

/// Who is cut off by a restart, and what else has a say in when it comes.
public struct RestartCompany: Sendable {
  public let people: [LoggedIn]
  public let packageWork: String?
  public let scheduled: ScheduledRestart?

  public init(
    people: [LoggedIn], packageWork: String? = nil, scheduled: ScheduledRestart? = nil
  ) {
    self.people = people
    self.packageWork = packageWork
    self.scheduled = scheduled
  }

  /// As it is now, on the system that runs.
  public static func live() -> RestartCompany {
    RestartCompany(
      people: LoggedIn.list(), packageWork: PackageWork().now, scheduled: .read())
  }

  /// For the approval of a restart.
  public var lines: [String] {
    var lines = ["  Logged in now: \(names); the restart ends what they do."]
    if people.isEmpty { lines = ["  Nobody is logged in now, as far as this host tells."] }
    if let packageWork {
      lines.append("  \(packageWork) The restart waits for that, ten minutes at most.")
    }
    if let scheduled {
      let time = TrialTime.timeOfDay(scheduled.wallMillis)
      lines.append(
        "  A \(scheduled.mode) is ordered already, for \(time): it ends a trial that runs by then. "
          + "shutdown -c takes it back.")
    }
    return lines
  }

  /// For history; nil where there is nothing to keep.
  public var note: Note? {
    guard !people.isEmpty else { return nil }
    return Note(topic: "restart", text: "Logged in when the restart began: \(names).")
  }

  private var names: String {
    let shown = people.prefix(12).map(\.inWords).joined(separator: ", ")
    let rest = people.count - min(people.count, 12)
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }
}

/// What an armed trial means for everybody who may restart the host.
public struct RestartExposure: Sendable {
  /// nil where no trial is armed that the next restart would start.
  public let sentence: String?

  public init(plan: PlanRecord, here: BootID) {
    let armed = plan.steps.first { step in
      step.isOnTrial && step.trial?.isOneShotSet == true && step.trial?.armed.before.bootID == here
    }
    sentence = armed?.trial.map { trial in
      "The next restart of this host, whoever or whatever asks for it, starts "
        + "\(TrialNames(trial.armed).new) once, on trial. To take that back: pawl rollback \(plan.id)"
    }
  }
}
