import PawlModel

/// The story of a trial in plain words, event by event: what was armed, what came up, what is known
/// of a boot that was lost.
public struct TrialTelling: Sendable {
  private let terms: TrialTerms?
  private let plan: PlanID
  private var armed: ArmedTrial?

  public init(plan: PlanID, terms: TrialTerms?) {
    self.plan = plan
    self.terms = terms
  }

  /// One sentence or more for the next event of the step, in order.
  public mutating func sentences(of event: TrialEvent) -> [String] {
    switch event {
    case .armed(let now):
      armed = now
      return armedSentences(now)
    case .oneShotSet(let entry):
      return [
        "The boot loader took the order: the next restart starts \(line(entry)), once."
      ]
    case .booted(let report): return bootedSentences(report)
    case .leaving:
      return ["The host was restarted out of \(new) to go back to \(old)."]
    case .judged(.confirmed): return ["A person confirmed \(new)."]
    case .judged(.rejected): return ["A person rejected \(new)."]
    }
  }

  /// The first lines of what a lost boot left behind; all of it where `whole`.
  public static func evidence(_ report: BootReport, of plan: PlanID, whole: Bool) -> [String] {
    report.evidence.sorted { $0.key < $1.key }.flatMap { name, text in
      let lines = text.split(separator: "\n").map { StepWording.printable(String($0)) }
      let shown = whole ? lines[...] : lines.suffix(firstLines)
      var told = ["\(line(name)), \(lines.count) lines" + (whole ? ":" : ", the last of them:")]
      told += shown.map { "  | \(HostText.line($0, limit: 200))" }
      return told
    }
      + (whole || report.evidence.isEmpty
        ? [] : ["All of it: pawl history show \(plan) --evidence"])
  }

  /// The end of a log says more of a crash than its beginning.
  private static let firstLines = 8

  private var names: TrialNames? { armed.map(TrialNames.init) }
  private var new: String { names?.new ?? "the new kernel" }
  private var old: String { names?.old ?? "the old kernel" }

  // MARK: - Armed

  private func armedSentences(_ now: ArmedTrial) -> [String] {
    var sentences = [
      "Armed while \(old) ran: \(new) is to be started once, by the entry \(line(now.trial.id)); "
        + "every other start is \(line(now.fallback.id)), with \(old)."
    ]
    guard let terms else { return sentences }
    let person = terms.asksPerson ? "and a person to say `pawl confirm`" : "no person asked"
    sentences.append(
      "It has \(terms.deadlineSeconds) s from its start to be well, for \(terms.settleSeconds) s "
        + "at least; \(person).")
    return sentences
  }

  // MARK: - What came up

  private func bootedSentences(_ report: BootReport) -> [String] {
    let release = line(report.identity.release)
    var sentences = [
      report.isTrial
        ? "Came up: \(release), on trial. \(identity(report.identity))"
        : "Came up: \(release), not on trial. \(identity(report.identity))"
    ]
    sentences.append("Judgement: \(StepWording.printable(report.summary))")
    return sentences
  }

  /// What proves which kernel this is, and what speaks against it.
  private func identity(_ running: BootIdentity) -> String {
    guard let armed else { return "" }
    let trial = matches(running, armed.expected)
    let fallback = matches(running, KernelIdentity(armed.before))
    let token =
      terms.map { running.isTrial(of: $0.token) } == true
      ? "the token of this trial is on its command line"
      : "no token of this trial is on its command line"
    let kernel: String
    if armed.expected.isProven(by: running) {
      kernel = "It is the kernel that was to be tried (\(trial.agree))"
    } else if KernelIdentity(armed.before).isProven(by: running) {
      kernel = "It is the kernel that ran before (\(fallback.agree))"
    } else {
      kernel = "It is neither of the two: of \(new) \(trial.differ), of \(old) \(fallback.differ)"
    }
    let boot = running.bootID == armed.before.bootID ? "; the host was not restarted" : ""
    return "\(kernel); \(token)\(boot)."
  }

  private func matches(
    _ running: BootIdentity, _ wanted: KernelIdentity
  ) -> (agree: String, differ: String) {
    var (same, other) = (["release"], [String]())
    if wanted.release != running.release { (same, other) = ([], ["the release"]) }
    if let version = wanted.version {
      if version == running.version { same.append("build") } else { other.append("the build") }
    }
    if let id = wanted.buildID {
      if id == running.buildID { same.append("build id") } else { other.append("the build id") }
    }
    let agree =
      same.isEmpty
      ? "nothing agrees" : "\(HostText.list(same)) \(same.count == 1 ? "agrees" : "agree")"
    let verb = other.count == 1 ? "differs" : "differ"
    let differ = other.isEmpty ? "too little is known" : "\(HostText.list(other)) \(verb)"
    return (agree, differ)
  }

  private func line(_ text: String) -> String { Self.line(text) }
  private static func line(_ text: String) -> String { HostText.line(text, limit: 80) }
}

/// Where a trial stands now, for `pawl status`.
public struct TrialStatus: Sendable, Hashable {
  public let release: String
  public let fallback: String
  public let secondsLeft: Int64
  public let sentence: String

  /// nil where no kernel of the plan is on trial in this boot.
  public init?(plan: PlanRecord, here: BootIdentity?, now: Stamp) {
    guard let here, let step = plan.steps.first(where: \.isOnTrial), let trial = step.trial,
      let terms = step.frozen.action.trialTerms, here.isTrial(of: terms.token)
    else { return nil }
    let time = TrialTime(terms, now: now)
    release = trial.armed.expected.release
    fallback = trial.armed.before.release
    secondsLeft = time.secondsLeft
    let asks = terms.asksPerson && trial.judgement == nil ? " and confirmed" : ""
    sentence =
      "\(HostText.line(release, limit: 80)), \(time.inWords) to be well\(asks) "
      + "(until \(time.timeOfDay)); else back to \(HostText.line(fallback, limit: 80))"
  }
}
