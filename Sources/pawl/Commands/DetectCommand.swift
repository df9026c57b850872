import ArgumentParser
import PawlHost
import PawlModel

struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect", abstract: "What this host is; needs no root and changes nothing.")

  @Option(help: "Look at this module too; may be given several times.") var module: [String] = []
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let report = HostDetection.detect(root: HostRoot(path: options.rootPath), modules: module)
    print(format.json ? try report.json() : DetectText.lines(report).joined(separator: "\n"))
  }
}

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Can this kernel do it? Exit 0: yes. 1: not now. 5: cannot be told.")

  @Argument(help: "Kernel options (VFIO_PCI, CONFIG_VFIO_PCI) or modules (vfio-pci).")
  var names: [String]
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard !names.isEmpty else { throw ValidationError("Name an option or a module.") }
  }

  func run() throws {
    let host = HostDetection(root: HostRoot(path: options.rootPath))
    let answer = CheckAnswer(checks: names.map { CapabilityCheck.of($0, host: host) })
    try Output.answer(answer, json: format.json)
    let verdicts = Set(answer.checks.map(\.verdict))
    if verdicts.contains(.unknown) { throw ExitCode(5) }
    if verdicts != [.have] { throw ExitCode(1) }
  }
}

struct CheckAnswer: Answer {
  static let schema = "pawl.check/1"
  var checks: [CapabilityCheck]

  var text: String {
    checks.map { check in
      "\(check.name)  \(check.verdict.rawValue)  \(check.sentence)"
        + (check.howToFix.map { "\n  \($0)" } ?? "")
    }.joined(separator: "\n")
  }
}
