import ArgumentParser
import Foundation
import Glibc
import PawlEngine
import PawlHost
import PawlJournal
import PawlModel
import PawlRecipes

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Resolve a recipe for this host and freeze it; changes nothing else.")

  @Argument(help: "A shipped recipe, or a file.") var recipe: String
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A parameter of the recipe.", valueName: "name=value"))
  var settings: [String] = []
  @OptionGroup var format: JSONOption
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let recipe = try RecipeSource.read(recipe).get()
    let asker = try ActorProbe.asker()
    let frozen = try PlanFactory(host: LiveHost()).plan(
      PlanFactory.Request(
        recipe: recipe, settings: try parsedSettings(), root: try existingRoot(), asker: asker,
        builder: try ActorProbe.builder(for: asker), mayBecomeRoot: getuid() == 0,
        program: RunnerProcess.ownPath, journal: options.journalPath))
    try LiveKernelGuard().allow(frozen)
    let session = try Session.writing(options, creating: true)
    let id = try session.journal.createPlan(
      frozen, by: ActorProbe.actor(how: "command"), at: session.host.now())
    try Output.answer(PlanAnswer(try session.plan(id)), json: format.json)
  }

  private func existingRoot() throws -> String {
    var isFolder: ObjCBool = false
    let root = options.rootPath
    guard FileManager.default.fileExists(atPath: root, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw PawlError(.noInput, "\(root) is no folder.", hint: "Name an existing one with --root.")
    }
    return URL(fileURLWithPath: root).resolvingSymlinksInPath().path
  }

  private func parsedSettings() throws -> [String: String] {
    var parsed: [String: String] = [:]
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
        throw PawlError(.usage, "\"\(setting)\" sets nothing.", hint: "Write --set name=value.")
      }
      let name = String(setting[..<equals])
      guard parsed[name] == nil else {
        throw PawlError(.usage, "\(name) is set twice.", hint: "Leave one of them out.")
      }
      parsed[name] = String(setting[setting.index(after: equals)...])
    }
    return parsed
  }
}

/// A recipe by name or by file.
enum RecipeSource {
  static func bytes(_ name: String) throws -> (bytes: [UInt8], fileName: String) {
    if !name.contains("/"), let shipped = ShippedRecipes.named(name) {
      return (shipped.bytes, name)
    }
    var status = stat()
    guard stat(name, &status) == 0 else {
      let known = ShippedRecipes.all.map(\.name).joined(separator: ", ")
      throw PawlError(
        .noInput, "There is no recipe \"\(name)\", neither shipped nor as a file.",
        hint: "Shipped ones: \(known).")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= 1 << 20 else {
      throw PawlError(
        .badRecipe, "\(name) is no file of at most 1 MiB.", hint: "Name a recipe file.")
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw PawlError(
        .noInput, "\(name) cannot be read: \(String(cString: strerror(errno))).",
        hint: "Check its owner and mode.")
    }
    return ([UInt8](data), name)
  }

  static func read(_ name: String) throws -> Result<Recipe, PawlError> {
    let (bytes, fileName) = try bytes(name)
    return Recipe.read(bytes: bytes, fileName: fileName)
  }
}
