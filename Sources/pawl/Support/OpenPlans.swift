import PawlHost
import PawlJournal
import PawlModel

extension Session {
  /// The plans that the boot hook looks after, newest first.
  func openPlans() throws -> [PlanRecord] {
    try ["running", "rolling-back", "waiting", "failed"].flatMap { word in
      try journal.plans(PlanFilter(result: word, limit: 1000))
    }
    .compactMap { try journal.plan($0.id) }.filter(\.isLookedAfter)
  }

  /// Those that outlived a restart and came to their end in this boot.
  func plansSettledNow() throws -> [PlanRecord] {
    let now = host.now().bootID
    return try journal.plans(PlanFilter(limit: 20))
      .filter { $0.state.isSettled && $0.updated.bootID == now && $0.created.bootID != now }
      .compactMap { try journal.plan($0.id) }
  }
}

extension PlanRecord {
  /// Of a plan that came to a restart: the host was told to, and nobody is waited for.
  var goesDown: Bool { state == .rollingBack || steps.contains(where: \.isOnTrial) }

  /// A failed trial is rolled back by itself: the power may have gone between the two.
  fileprivate var isLookedAfter: Bool {
    switch state {
    case .running, .waiting, .rollingBack: true
    case .failed: control == nil && steps.contains { $0.state == .failed && $0.trial != nil }
    case .planned, .succeeded, .rolledBack, .rollbackFailed, .abandoned: false
    }
  }
}
