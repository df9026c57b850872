import PawlModel

/// A kernel that is well, where a person has the last word: the deadline counts for that, too. Who
/// lost the host with the new kernel cannot confirm it, and gets the old one back.
struct TrialPatience {
  let terms: TrialTerms
  let trial: TrialRecord

  func verdict(upSeconds: Int64) -> HealthVerdict {
    guard terms.asksPerson, trial.judgement == nil, upSeconds >= Int64(terms.deadlineSeconds) else {
      return .good
    }
    return .bad(
      "The new kernel is well, but nobody confirmed it within \(terms.deadlineSeconds) seconds of its "
        + "start.")
  }
}
