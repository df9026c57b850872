import ArgumentParser
import PawlEngine
import PawlModel
import PawlRecipes

struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe", abstract: "The recipes that plans are made from.",
    subcommands: [RecipeListCommand.self, RecipeShowCommand.self, RecipeLintCommand.self])
}

struct RecipeListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The recipes that come with Pawl.")

  @OptionGroup var format: JSONOption

  func run() throws {
    let rows = try ShippedRecipes.all.map { entry in
      let recipe = try Recipe.read(bytes: entry.bytes, fileName: entry.name).get()
      return RecipeListAnswer.Row(
        name: recipe.name, description: recipe.summary.raw, steps: recipe.steps.count,
        parameters: recipe.parameters.map(\.name))
    }
    try Output.answer(RecipeListAnswer(recipes: rows), json: format.json)
  }
}

struct RecipeListAnswer: Answer {
  static let schema = "pawl.recipes/1"

  struct Row: Encodable {
    var name: String
    var description: String
    var steps: Int
    var parameters: [String]
  }

  var recipes: [Row]

  var text: String {
    recipes.map { row in
      "\(PlanText.pad(row.name, to: 16))  \(row.description)\n"
        + "                  --set \(row.parameters.joined(separator: ", "))"
    }.joined(separator: "\n")
  }
}

struct RecipeShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "The text of a recipe.")

  @Argument(help: "A shipped recipe, or a file.") var recipe: String

  func run() throws {
    print(String(decoding: try RecipeSource.bytes(recipe).bytes, as: UTF8.self), terminator: "")
  }
}

struct RecipeLintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Every problem of a recipe, with its place and what to write instead. Exit 65.")

  @Argument(help: "Files, or shipped recipes.") var recipes: [String]
  @OptionGroup var format: JSONOption

  func validate() throws {
    guard !recipes.isEmpty else { throw ValidationError("Name a recipe file.") }
  }

  func run() throws {
    var findings: [Finding] = []
    for recipe in recipes {
      let (bytes, fileName) = try RecipeSource.bytes(recipe)
      findings += RecipeLinter.lint(bytes: bytes, fileName: fileName)
    }
    try Output.answer(LintAnswer(findings: findings), json: format.json)
    if findings.contains(where: { $0.severity == .error }) { throw ExitCode(65) }
  }
}

struct LintAnswer: Answer {
  static let schema = "pawl.recipe.lint/1"
  var findings: [Finding]

  var text: String {
    findings.isEmpty
      ? "No problems."
      : findings.map { StepWording.printable($0.description) }.joined(separator: "\n")
  }
}
