import Foundation
import Glibc
import PawlHost
import PawlJournal
import PawlModel
import Synchronization

/// What the journal says of the trial that this boot is, looked at apart: a disk that no longer
/// answers holds up this thread and not the guard.
final class TrialWatch: Sendable {
  private let options: GlobalOptions
  private let here: BootIdentity
  private let newest = Mutex(DeadlineGuard.View.unknown)

  init(_ options: GlobalOptions, here: BootIdentity) {
    self.options = options
    self.here = here
  }

  var view: DeadlineGuard.View { newest.withLock { $0 } }

  /// Looks once, then again every few seconds.
  func start() {
    Thread.detachNewThread { [self] in
      while true {
        if let view = look() { newest.withLock { $0 = view } }
        sleep(2)
      }
    }
  }

  /// Opened anew each time: where the media cannot be written, a copy is what is read. What was
  /// known before stays where nothing can be read now.
  private func look() -> DeadlineGuard.View? {
    guard let session = HookJournal.toLookAt(options),
      let plans = try? session.journal.plans(PlanFilter(limit: 50))
    else { return nil }
    for summary in plans {
      guard let plan = try? session.journal.plan(summary.id) else { continue }
      for step in plan.steps where step.trial != nil {
        guard let terms = step.frozen.action.trialTerms, here.isTrial(of: terms.token) else {
          continue
        }
        return Self.view(of: step, terms)
      }
    }
    return .unknown
  }

  private static func view(of step: StepRecord, _ terms: TrialTerms) -> DeadlineGuard.View {
    switch step.state {
    case .started: .undecided(deadlineSeconds: terms.deadlineSeconds)
    case .failed, .interrupted, .undoing, .undoFailed: .leaving
    case .succeeded, .skipped, .stale, .pending, .approved, .undone: .decided
    }
  }
}
