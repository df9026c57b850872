import PawlEngine
import PawlModel

/// A plan for programs: what `plan`, `show` and `history show` have in common.
struct PlanAnswer: Answer {
  static let schema = "pawl.plan/1"

  struct Step: Encodable {
    var id: String
    var label: String
    var risk: String
    var state: String
    var digest: String
    var action: String
    var does: [String]
    var undo: [String]
    var check: [String]?
    var runsAs: UInt32
    var effects: String
    var interrupted: String
    var attempts: Int
    var why: String?

    enum CodingKeys: String, CodingKey {
      case id, label, risk, state, digest, action, does, undo, check, effects, interrupted
      case attempts, why
      case runsAs = "runs_as"
    }

    init(_ step: StepRecord) {
      id = step.id.name
      label = step.frozen.label
      risk = step.frozen.risk.rawValue
      state = step.state.rawValue
      digest = step.digest.hex
      action = step.frozen.action.kind
      does = StepWording.does(step.frozen)
      undo = StepWording.undoes(step.frozen)
      check = step.frozen.check?.argv
      runsAs = step.frozen.runsAs.uid
      effects = step.frozen.effects.rawValue
      interrupted = step.frozen.interrupted.rawValue
      attempts = step.attempts
      why = step.why
    }
  }

  var plan: Int64
  var recipe: String
  var state: String
  var waitingFor: String?
  var why: String?
  var digest: String
  var host: String
  var root: String
  var newRelease: String?
  var rollback: String
  var steps: [Step]
  private let record: PlanRecord
  private let only: StepID?

  enum CodingKeys: String, CodingKey {
    case plan, recipe, state, why, digest, host, root, rollback, steps
    case waitingFor = "waiting_for"
    case newRelease = "new_release"
  }

  init(_ record: PlanRecord, only: StepID? = nil) {
    self.record = record
    self.only = only
    plan = record.id.number
    recipe = record.frozen.recipe
    state = record.state.word
    waitingFor = record.state.waitReason?.rawValue
    why = record.why
    digest = record.digest.hex
    host = record.frozen.hostName
    root = record.frozen.root
    newRelease = record.frozen.newRelease
    rollback = record.frozen.rollback
    steps = record.steps.filter { only == nil || $0.id == only }.map(Step.init)
  }

  var text: String {
    if let only, let step = record.step(only) {
      return PlanText.details(step).joined(separator: "\n")
    }
    let advice = NextAdvice(plan: record, runnerIsAlive: false)
    let lines =
      PlanText.header(record) + [""] + PlanText.steps(record) + [
        "", "  Way back: \(StepWording.printable(record.frozen.rollback))",
        "Next: \(advice.sentence)",
      ]
    return lines.joined(separator: "\n")
  }
}
