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
