import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel

/// What the boot hook does, a phase at a time. It never makes a journal, and never waits for a
/// person.
struct HookRun {
  let options: GlobalOptions
  private let host = LiveHost()

  /// A trial that was set and not used would start the new kernel at some later restart.
  func recogniseBoot() throws {
    guard let session = try session() else { return }
    for plan in try openPlans(session) {
      for step in plan.steps {
        guard let terms = step.frozen.action.trialTerms, step.trial != nil, step.isOnTrial else {
          continue
        }
        try host.disarm(terms)
      }
    }
  }

  /// Restarts the host by force once a trial has outlived its deadline: the old kernel is the
  /// default. Needs nothing but a clock and the journal.
  func guardDeadline() throws {
    guard let session = try session() else { return }
    while let terms = try trialTerms(session) {
      if host.now().bootMillis > Int64(terms.deadlineSeconds + Self.grace) * 1000 {
        host.restartByForce()
      }
      sleep(5)
    }
  }

  /// What the health check itself may take after the deadline.
  private static let grace = 120

  private func trialTerms(_ session: Session) throws -> TrialTerms? {
    try openPlans(session).flatMap(\.steps).first(where: \.isOnTrial)?.frozen.action.trialTerms
  }

  /// Trials are looked at until they are decided; what was under way goes on.
  func goOn() throws {
    guard let session = try session() else { return }
    let mark = OpenPlansMark(journalPath: options.journalPath, files: host)
    let lock = try RunnerLock.acquire(journalPath: options.journalPath)
    defer { withExtendedLifetime(lock) {} }
    for plan in try openPlans(session) {
      try goOn(with: plan, session)
    }
    if try openPlans(session).isEmpty { mark.remove() }
  }

  private func goOn(with plan: PlanRecord, _ session: Session) throws {
    var context = try RunnerCommand.context(session)
    context.isUnattended = true
    context.isUnplannedBoot = plan.state == .running || plan.state == .rollingBack
    while true {
      let record = try Runner(plan: plan.id, context: context).run()
      guard record.state == .waiting(.trial) else { return }
      sleep(5)
    }
  }

  private func openPlans(_ session: Session) throws -> [PlanRecord] {
    try ["running", "rolling-back", "waiting"].flatMap { word in
      try session.journal.plans(PlanFilter(result: word, limit: 1000))
    }
    .compactMap { try session.journal.plan($0.id) }
  }

  /// nil where there is nothing to do.
  private func session() throws -> Session? {
    guard !host.isCrashKernel, try !host.bootIdentity().forbidsResume,
      OpenPlansMark(journalPath: options.journalPath, files: host).isThere
    else { return nil }
    return try Session.writing(options)
  }
}

extension BootIdentity {
  /// The person at the console wants no automatic action in this boot.
  var forbidsResume: Bool { commandLine.split(separator: " ").contains("pawl.resume=no") }
}
