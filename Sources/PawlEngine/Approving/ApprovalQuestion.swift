import PawlModel

/// What a person is asked before a step may run. The friction grows with the risk: `y`; `yes`
/// after an explanation; two different facts, so that no habit of the fingers can answer both.
public struct ApprovalQuestion: Sendable, Hashable {
  public struct Prompt: Sendable, Hashable {
    public var text: String
    /// Any of these, exactly; everything else, an empty line and the end of input are a no.
    public var accepted: [String]
  }

  public let step: StepID
  public let digest: Digest
  public let risk: Risk
  public let explanation: [String]
  public let prompts: [Prompt]

  public init(plan: PlanRecord, step: StepRecord) {
    self.step = step.id
    digest = step.digest
    risk = step.frozen.risk
    explanation = Self.explanation(plan, step)
    prompts = Self.prompts(plan, step)
  }

  /// nil where one of the answers is not the one asked for.
  public func approval(answers: [String], given: String) -> Approval? {
    guard answers.count == prompts.count else { return nil }
    let all = zip(prompts, answers).allSatisfy { $0.accepted.contains($1) }
    return all ? Approval(digest: digest, given: given, answers: answers) : nil
  }

  private static func prompts(_ plan: PlanRecord, _ step: StepRecord) -> [Prompt] {
    switch step.frozen.risk {
    case .low: return [Prompt(text: "Run it? [y/N] ", accepted: ["y", "yes"])]
    case .medium:
      return [Prompt(text: "Type \"yes\" to run it, anything else stops here: ", accepted: ["yes"])]
    case .high:
      let release = plan.frozen.newRelease ?? plan.frozen.runningRelease
      return [
        Prompt(
          text: "Question 1 of 2. Type the kernel release this is about (\(release)): ",
          accepted: [release]),
        Prompt(
          text: "Question 2 of 2. Type the name of THIS host: ",
          accepted: [plan.frozen.hostName]),
      ]
    }
  }

  private static func explanation(_ plan: PlanRecord, _ step: StepRecord) -> [String] {
    let number = (plan.index(of: step.id) ?? 0) + 1
    var lines = [
      "[\(number)/\(plan.steps.count)] \(step.id)  \(step.frozen.risk.word)  \(step.frozen.label)"
    ]
    lines += StepWording.does(step.frozen).map { "  Does     \($0)" }
    lines += StepWording.undoes(step.frozen).map { "  Undo     \($0)" }
    guard step.frozen.risk > .low else { return lines }
    lines.append("  As       \(step.frozen.runsAs.name) (uid \(step.frozen.runsAs.uid))")
    if let check = step.frozen.check {
      lines.append("  Check    \(StepWording.line(check.argv))")
    }
    lines.append("  If power fails during it: \(StepWording.interruption(step.frozen))")
    lines.append("  Digest   \(step.digest.short)")
    guard step.frozen.risk == .high else { return lines }
    lines.append("  If this goes wrong:")
    return lines + RescueCard(plan: plan).lines.map { "    \($0)" }
  }
}

extension Risk {
  /// The word carries the risk where there is no colour.
  public var word: String {
    switch self {
    case .low: "low"
    case .medium: "MEDIUM"
    case .high: "HIGH RISK"
    }
  }
}
