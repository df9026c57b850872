import ArgumentParser
import PawlHost
import PawlModel

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Can this kernel do it? Exit 0: yes. 1: not now. 5: cannot be told.",
    discussion: "Lists of needs: " + NeedList.shipped.map(\.name).joined(separator: ", ") + ".")

  @Argument(
    help: "Kernel options (VFIO_PCI, CONFIG_VFIO_PCI), modules (vfio-pci) or lists (docker).")
  var names: [String]
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard !names.isEmpty else { throw ValidationError("Name an option, a module or a list.") }
  }

  func run() throws {
    let host = HostDetection(root: HostRoot(path: options.rootPath))
    var answer = CheckAnswer()
    for name in names {
      if let list = try NeedList.named(name) {
        answer.lists.append(NeedCheck.of(list, host: host))
      } else {
        answer.checks.append(CapabilityCheck.of(name, host: host))
      }
    }
    try Output.answer(answer, json: format.json)
    if answer.verdicts.contains(.unknown) { throw ExitCode(5) }
    if answer.verdicts != [.have] { throw ExitCode(1) }
  }
}

struct CheckAnswer: Answer {
  static let schema = "pawl.check/1"
  var checks: [CapabilityCheck] = []
  var lists: [NeedCheck] = []

  var verdicts: Set<CapabilityCheck.Verdict> {
    Set(checks.map(\.verdict) + lists.map(\.verdict))
  }

  var text: String { (checks.map(line) + lists.map(table)).joined(separator: "\n") }

  private func line(_ check: CapabilityCheck) -> String {
    ["\(check.name)  \(check.verdict.rawValue)  \(check.sentence)", check.howToFix, check.recipe]
      .compactMap(\.self).joined(separator: "\n  ")
  }

  /// What is there in one line, what is not in one each, what is required first.
  private func table(_ list: NeedCheck) -> String {
    let missing = list.items.filter { $0.check.verdict != .have }
    let have = list.items.count - missing.count
    let widest = missing.map(\.check.name.count).max() ?? 0
    let rows = [Need.Level.required, .optional].flatMap { level in
      missing.filter { $0.level == level }.map { item in
        "  \(level.rawValue)  \(PlanText.pad(item.check.name, to: widest + 2))"
          + "\(PlanText.pad(item.check.verdict.rawValue, to: 19))\(item.check.sentence)"
      } + list.recipes(level).map { "  \(level.rawValue)  \($0)" }
    }
    return
      (["\(list.title)  \(list.verdict.rawValue)  \(have) of \(list.items.count) are there"] + rows
      + ["  from \(list.source), as of \(list.version)"]).joined(separator: "\n")
  }
}
