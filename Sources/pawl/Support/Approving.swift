import PawlEngine
import PawlModel

/// Collects consent, step by step. There is no yes to everything.
struct Approving {
  let session: Session

  /// Asks on the terminal for each step that lacks an approval; every answer is recorded at once.
  /// Throws `notApproved` at the first no.
  func ask(_ id: PlanID, on terminal: Terminal) throws {
    var plan = try session.plan(id)
    while let step = plan.unapproved.first {
      try ask(step, of: plan, on: terminal)
      plan = try session.plan(id)
    }
  }

  func ask(_ step: StepRecord, of plan: PlanRecord, on terminal: Terminal) throws {
    let question = ApprovalQuestion(plan: plan, step: step)
    let lines = question.explanation + Self.company(of: step, plan)
    terminal.write(lines.joined(separator: "\n") + "\n")
    var answers: [String] = []
    for prompt in question.prompts {
      let answer = terminal.ask("  " + prompt.text) ?? ""
      guard prompt.accepted.contains(answer) else { throw Self.refusal(step, plan) }
      answers.append(answer)
    }
    guard let approval = question.approval(answers: answers, given: "terminal") else {
      throw Self.refusal(step, plan)
    }
    try session.append([entry(approval, step: step.id, plan: plan.id)], how: "terminal")
  }

  /// Whom a restart concerns besides the one who approves it.
  private static func company(of step: StepRecord, _ plan: PlanRecord) -> [String] {
    guard case .restart = step.frozen.action, plan.frozen.root == "/" else { return [] }
    return RestartCompany.live().lines
  }

  private static func refusal(_ step: StepRecord, _ plan: PlanRecord) -> PawlError {
    PawlError(
      .notApproved, "Step \"\(step.id)\" is not approved; nothing was done.",
      hint: "Steps approved before stay approved: pawl show \(plan.id)")
  }

  /// Consent given as digests, for scripts; a high step also needs this host's name. All of them
  /// are recorded in one transaction, or none is.
  func give(_ pairs: [(step: StepID, digest: String)], plan: PlanRecord, host: String?) throws {
    var given: Set<StepID> = []
    let entries = try pairs.compactMap { pair -> Entry? in
      let step = try checked(pair.step, digest: pair.digest, plan: plan, host: host)
      guard step.state != .approved, given.insert(step.id).inserted else { return nil }
      let approval = Approval(
        digest: step.digest, given: "digest", answers: host.map { [$0] } ?? [])
      return entry(approval, step: step.id, plan: plan.id)
    }
    guard !entries.isEmpty else { return }
    try session.append(entries, how: "digest")
    for step in plan.steps where given.contains(step.id) {
      Self.company(of: step, plan).forEach(Output.progress)
    }
  }

  private func checked(
    _ id: StepID, digest: String, plan: PlanRecord, host: String?
  ) throws -> StepRecord {
    guard let step = plan.step(id) else {
      throw PawlError(
        .usage, "Plan \(plan.id) has no step \"\(id)\".", hint: "pawl show \(plan.id) lists them.")
    }
    guard let digest = Digest(hex: digest), digest == step.digest else {
      throw PawlError(
        .notApproved, "Step \"\(id)\" has another digest: \(step.digest).",
        hint: "Look at what it does now: pawl show \(plan.id) --step \(id)")
    }
    if step.frozen.risk == .high, host != plan.frozen.hostName {
      throw PawlError(
        .notApproved,
        "Step \"\(id)\" is of high risk: without a terminal it also needs the name of this host.",
        hint: "Add --host \(plan.frozen.hostName)")
    }
    return step
  }

  /// What `run` says where nobody can be asked.
  static func missing(_ plan: PlanRecord) -> PawlError {
    let steps = plan.unapproved
    let names = steps.map { "\"\($0.id)\"" }.joined(separator: ", ")
    let first = steps.first.map { "\($0.id) --digest \($0.digest)" } ?? ""
    return PawlError(
      .notApproved, "Plan \(plan.id) lacks approval for: \(names).",
      hint:
        "On a terminal: pawl run \(plan.id). In a script: pawl approve \(plan.id) --step \(first)")
  }

  private func entry(_ approval: Approval, step: StepID, plan: PlanID) -> Entry {
    Entry(plan: plan, step: step, .step(StepChange(.approve, approval: approval)))
  }
}
