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

  /// Looks whenever something was written, and seldom otherwise. The guard runs before everything else:
  /// what it spends on looking, the services of a boot do not get, which is what it waits for.
  func start() {
    Thread.detachNewThread { [self] in
      var (seen, unchanged): (JournalTrace?, Int) = (nil, 0)
      while true {
        let present = JournalTrace(path: options.journalPath)
        unchanged = present == seen ? unchanged + 1 : 0
        seen = present
        if Self.isWorthALook(unchanged), let view = look() { newest.withLock { $0 = view } }
        sleep(2)
      }
    }
  }

  /// A commit can be read a sync after its bytes were written: the first looks may come too early.
  private static func isWorthALook(_ unchanged: Int) -> Bool {
    unchanged < 3 || unchanged.isMultiple(of: 10)
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
