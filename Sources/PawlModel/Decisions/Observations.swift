/// What the runner has seen of the machine since it started. Absent means "not looked yet": the
/// decision then asks for exactly that look and nothing else.
public struct Observations: Sendable, Hashable {
  public var bootID: BootID
  public var host: Verdict?
  public var survivors: [StepID: SurvivorVerdict] = [:]
  public var facts: [StepID: FactVerdict] = [:]
  public var checks: [StepID: CheckVerdict] = [:]
  public var products: [StepID: Verdict] = [:]
  public var resources: [StepID: Verdict] = [:]
  public var reboots: [StepID: RebootVerdict] = [:]
  public var health: [StepID: HealthVerdict] = [:]
  /// The boot hook looks: nobody is there.
  public var isUnattended = false
  /// The host went down while the plan was at work.
  public var isUnplannedBoot = false
  /// The host was told to restart: nothing more is begun in this boot.
  public var isRestarting = false

  public init(bootID: BootID) { self.bootID = bootID }

  /// What was seen before a step acted says nothing about what comes after.
  public mutating func forgetAll() {
    var fresh = Observations(bootID: bootID)
    fresh.isUnattended = isUnattended
    fresh.isUnplannedBoot = isUnplannedBoot
    fresh.isRestarting = isRestarting
    self = fresh
  }
}

public enum Verdict: Sendable, Hashable {
  case good
  /// A sentence that says what is not as it should be.
  case bad(String)
}

public enum SurvivorVerdict: Sendable, Hashable {
  case none
  /// Processes of the attempt are still alive.
  case alive
  /// They did not go away within their time.
  case stuck(String)
}

public enum FactVerdict: Sendable, Hashable {
  case hold
  /// The facts as they are now, and a sentence that names what changed.
  case changed([Fact], why: String)
}

public enum CheckVerdict: Sendable, Hashable {
  case done
  case notDone
  /// The check could not be run or did not end; unknown is not failed.
  case unclear(String)
}

public enum RebootVerdict: Sendable, Hashable {
  /// Still the boot in which the restart was asked for.
  case sameBoot
  case proven
  /// Another boot, but not the kernel that was expected.
  case otherKernel(String)
  /// Another boot, and the trial was never begun.
  case notTried(String)
  /// Nothing that was foreseen: only a person can say what this is.
  case unclear(String)
}

/// How a kernel on trial is doing.
public enum HealthVerdict: Sendable, Hashable {
  /// Not well for long enough yet, and the deadline is not over.
  case settling
  case good
  case bad(String)
}

/// One look at the machine that a decision needs.
public enum Question: Sendable, Hashable {
  case host
  case survivors(StepID)
  case facts(StepID)
  case check(StepID)
  case products(StepID)
  case resources(StepID)
  case reboot(StepID)
  case health(StepID)
}

/// What the runner does next. It records first and acts after, always.
public enum NextMove: Sendable, Hashable {
  case look(Question)
  case recordPlan(PlanChange)
  case recordStep(StepID, StepChange)
  /// Record the start, then perform the step.
  case perform(StepID)
  /// Record that the undo begins, then undo the step. `again`: the rollback failed before.
  case undo(StepID, again: Bool)
  /// End what is left of a dead runner's attempt, or wait for it.
  case endSurvivors(StepID, kill: Bool)
  /// Restart the host once more for a step that was started in this boot.
  case restart(StepID)
  /// Nothing more can be done now.
  case stop
}
