import PawlModel

/// A recipe as it was written: the steps of one kind of change, with parameters.
///
/// Beyond the fields that DESIGN.md fixes, a recipe may hold
/// - `subject: {modules: […], options: "A=y,B=m", kernel: "{{…}}"}`: what the plan is about, for
///   the history. `kernel` is the release that the plan installs; it must not exist on the root
///   yet, and `{{release}}` stands for it everywhere else.
/// - in a step, `when: {fact: NAME, is: VALUE}` and `unless: {fact: NAME, is: VALUE}`: whether the
///   step is part of the plan at all, decided when the plan is made. NAME is a fact or parameter;
///   one that is not known counts as empty.
/// - `outputs: [paths]`: what the step makes and later steps use; listed and hashed at success.
/// - `reads: [paths]`: files that the step relies on; their digests are frozen into the plan.
/// - `generated: [paths]`: files that the step's programs make anew from something else, a boot menu
///   say. Their bytes are kept; undo restores the `backup`s and then runs the undo program, which
///   makes these anew.
/// - `uses: [step ids]`: earlier steps whose product this one uses, besides those that Pawl
///   recognises by their outputs.
/// - `kernel_config: {tree, build, set}`: `build` is the `O=` folder (default `{{work}}/build`);
///   `set` is a mapping, a string "A=y,B=m", or a list of both. A value is written as Kconfig
///   wants it (strings quoted); the value `clear-if-missing` empties a string option that names
///   a file which is not in the tree.
/// - in a restart, `trial: {deadline, settle, confirm, modules, checks}`: the new kernel is started
///   once, and kept only where it has been well for `settle` (60s) before `deadline` (10m) is over;
///   `confirm: true` asks a person besides; `modules` have to be loaded, `checks` to exit with 0.
///   Where WSL restarts, `wsl: {settings, had_settings, before, folder, drivers}` says which
///   `.wslconfig` names the kernel, where a copy of it is kept, and what Windows calls the folder with
///   the kernel and, where `drivers` is `disk`, the disk of its modules.
///   Below a root that is not live there is no trial.
///
/// A path that begins with `/` belongs to the system that is changed: file actions, `backup`,
/// `outputs` and `reads` are taken below the plan's root. A path that begins with `{{` is used as
/// it comes. Arguments of commands are never rewritten: they get `{{root}}`.
public struct Recipe: Sendable, Hashable {
  public var name: String
  public var summary: Text
  public var rollback: Text
  public var parameters: [RecipeParameter]
  public var subject: RecipeSubject
  public var steps: [RecipeStep]

  /// Reads YAML or JSON. Total: whatever the bytes, it answers, with `badRecipe` and the first
  /// problems where the recipe is refused. `RecipeLinter` lists all of them.
  public static func read(
    bytes: [UInt8], fileName: String = "recipe"
  ) -> Result<Recipe, PawlError> {
    let (recipe, findings) = RecipeLinter.examine(bytes: bytes, fileName: fileName)
    let errors = findings.filter { $0.severity == .error }
    guard let recipe, errors.isEmpty else { return .failure(refusal(errors, fileName)) }
    return .success(recipe)
  }

  private static func refusal(_ errors: [Finding], _ fileName: String) -> PawlError {
    let count = errors.count == 1 ? "1 error" : "\(errors.count) errors"
    let first = errors.first.map {
      " The first, in line \($0.line), column \($0.column): \($0.message)"
    }
    return PawlError(
      .badRecipe, "The recipe \(fileName) has \(count).\(first ?? "")",
      hint: "See all of them with: pawl recipe lint \(fileName)")
  }
}

public struct RecipeParameter: Sendable, Hashable {
  public var name: String
  /// May hold facts.
  public var standard: Text?
  public var pattern: Pattern?
  public var explanation: String
  public var isRequired: Bool
}

public struct RecipeSubject: Sendable, Hashable {
  public var modules: [Text] = []
  public var options: Text?
  public var kernel: Text?

  /// That the plan tries the very kernel that runs, started otherwise.
  var isRunningKernel: Bool { kernel?.raw == "{{running_release}}" }
}

public struct RecipeStep: Sendable, Hashable {
  public var id: StepID
  public var label: Text
  public var action: RecipeAction
  public var needsRoot = false
  /// As tagged; nil where the tag could not be read.
  public var risk: Risk?
  public var check: [Text]?
  public var undo: [Text]?
  public var directory: Text?
  public var environment: [String: Text] = [:]
  public var timeoutSeconds: Int?
  public var effects: Effects?
  public var interrupted: InterruptedPolicy?
  public var backups: [Text] = []
  public var generated: [Text] = []
  public var outputs: [Text] = []
  public var reads: [Text] = []
  public var uses: [Text] = []
  /// All of them have to hold.
  public var conditions: [RecipeCondition] = []
  public var position: Position
  public var riskPosition: Position
}

/// Decided once, when the plan is made.
public struct RecipeCondition: Sendable, Hashable {
  public var name: Text
  public var value: String
  /// True for `unless`.
  public var isNegated: Bool
}

public enum RecipeAction: Sendable, Hashable {
  case command([Text])
  case writeFile(path: Text, content: Text, mode: UInt32)
  case appendLine(path: Text, line: Text)
  case removeFile(path: Text)
  case copyFile(from: Text, to: Text, mode: UInt32?)
  case copyTree(from: Text, to: Text)
  case kernelConfig(tree: Text, build: Text, set: [ConfigSetting])
  case build(directory: Text, argv: [Text], targets: [Text])
  case restart(kind: RestartKind, message: Text, trial: RecipeTrial?)

  public var kind: String {
    switch self {
    case .command: "command"
    case .writeFile: "write_file"
    case .appendLine: "append_line"
    case .removeFile: "remove_file"
    case .copyFile: "copy_file"
    case .copyTree: "copy_tree"
    case .kernelConfig: "kernel_config"
    case .build: "build"
    case .restart: "restart_required"
    }
  }

  /// The program and its arguments, where the recipe names one.
  var argv: [Text]? {
    switch self {
    case .command(let argv), .build(_, let argv, _): argv
    case .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .kernelConfig, .restart: nil
    }
  }

  /// Where Pawl's own file actions write.
  var target: Text? {
    switch self {
    case .writeFile(let path, _, _), .appendLine(let path, _), .removeFile(let path): path
    case .copyFile(_, let to, _), .copyTree(_, let to): to
    case .command, .kernelConfig, .build, .restart: nil
    }
  }
}

/// How a new kernel is to be tried.
public struct RecipeTrial: Sendable, Hashable {
  /// Lengths of time, `10m` say; may be parameters.
  public var deadline = Text("10m")
  public var settle = Text("60s")
  /// `true`, `yes`, `false` or `no`.
  public var confirm = Text("no")
  /// Each may name several, with commas between them.
  public var modules: [Text] = []
  public var checks: [[Text]] = []
  /// Only, and always, where it is WSL that restarts.
  public var wsl: RecipeWSL?
}

/// What `.wslconfig` is to say while a kernel is tried.
public struct RecipeWSL: Sendable, Hashable {
  public var settings: Text
  /// Anything but `no`: there was a file of that name, and `before` is a copy of it.
  public var hadSettings: Text
  public var before: Text
  /// With `kernel` and, where `drivers` is `disk`, `modules.vhdx`, as Windows names it.
  public var folder: Text
  public var drivers: Text
}

public enum ConfigSetting: Sendable, Hashable {
  case option(symbol: String, value: Text)
  /// "A=y,B=m", mostly a parameter.
  case assignments(Text)
}
