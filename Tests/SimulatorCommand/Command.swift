import PawlSimulator

/// `simulate --seeds N --from S`, `simulate --seed S`, `simulate --exhaustive`, `simulate --mutants`.
struct Command {
  private var seeds = 0
  private var from: UInt64 = 1
  private var single: UInt64?
  private var exhaustive = false
  private var mutants = false
  private var story = false
  private var only = ""
  private var stride = 40
  private var problem: String?

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--seeds": seeds = number(&rest, word)
      case "--from": from = UInt64(number(&rest, word))
      case "--seed": single = UInt64(number(&rest, word))
      case "--stride": stride = max(1, number(&rest, word))
      case "--exhaustive": exhaustive = true
      case "--only": only = rest.popFirst() ?? ""
      case "--mutants": mutants = true
      case "--story": story = true
      default: problem = "There is no option \(word)."
      }
    }
  }

  private mutating func number(_ rest: inout ArraySlice<String>, _ option: String) -> Int {
    guard let text = rest.popFirst(), let number = Int(text), number >= 0 else {
      problem = "\(option) wants a number."
      return 0
    }
    return number
  }

  func run() -> Int32 {
    if let problem {
      print(problem)
      print(
        "simulate [--seeds N] [--from S] | --seed S | --exhaustive [--stride N] [--only PLAN] | --story [--only PLAN] | --mutants"
      )
      return 64
    }
    if story { return Sweep.story(of: only) }
    if let single { return Sweep.one(seed: single) }
    var good = true
    if mutants { good = Sweep.mutants(seeds: max(seeds, 400)) }
    if exhaustive { good = Sweep.exhaustive(stride: stride, only: only) }
    if seeds > 0, !mutants { good = Sweep.seeds(seeds, from: from) && good }
    if seeds == 0, !exhaustive, !mutants {
      print("Nothing to do: name --seeds, --seed, --mutants or --exhaustive.")
    }
    return good ? 0 : 1
  }
}
