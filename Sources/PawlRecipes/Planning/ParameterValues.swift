import PawlModel

/// What `--set` gave, checked against the recipe.
enum ParameterValues {
  /// Settings and those defaults that need no fact.
  static func settled(
    _ recipe: Recipe, _ settings: [String: String]
  ) throws(PawlError) -> [String: String] {
    try refuseUnknown(recipe, settings)
    var values: [String: String] = [:]
    for parameter in recipe.parameters {
      if let value = settings[parameter.name] {
        try check(value, parameter, recipe)
        values[parameter.name] = value
      } else if let standard = parameter.standard, !standard.hasNames {
        values[parameter.name] = standard.raw
      } else if parameter.isRequired {
        throw PawlError(
          .usage,
          "The recipe \(recipe.name) needs a value for \(parameter.name)"
            + (parameter.explanation.isEmpty ? "." : " (\(parameter.explanation))."),
          hint: "Add: --set \(parameter.name)=…")
      }
    }
    return values
  }

  /// All of them: defaults filled in from facts and checked like any other value.
  static func all(
    _ recipe: Recipe, _ settings: [String: String], facts: Values
  ) throws(PawlError) -> [String: String] {
    var values = try settled(recipe, settings)
    for parameter in recipe.parameters where values[parameter.name] == nil {
      guard let standard = parameter.standard else { continue }
      let value = try facts.expand(standard)
      try check(value, parameter, recipe)
      values[parameter.name] = value
    }
    return values
  }

  private static func refuseUnknown(
    _ recipe: Recipe, _ settings: [String: String]
  ) throws(PawlError) {
    let known = recipe.parameters.map(\.name)
    let unknown = settings.keys.sorted().first { !known.contains($0) }
    guard let unknown else { return }
    let near = Spelling.nearest(to: unknown, among: known)
    throw PawlError(
      .usage, "The recipe \(recipe.name) has no parameter \(unknown).",
      hint: near.map { "Did you mean \($0)?" }
        ?? (known.isEmpty
          ? "It takes no --set at all." : "It has: \(known.joined(separator: ", ")).")
    )
  }

  private static func check(
    _ value: String, _ parameter: RecipeParameter, _ recipe: Recipe
  ) throws(PawlError) {
    let isPlain = value.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard isPlain, value.utf8.count <= RecipeLimits.valueBytes else {
      throw PawlError(
        .usage, "The value of \(parameter.name) has control characters, or is too long.",
        hint: "Give one line of text: --set \(parameter.name)=…")
    }
    guard let pattern = parameter.pattern, !pattern.matches(value) else { return }
    throw PawlError(
      .usage, "\"\(value)\" cannot be the \(parameter.name) of \(recipe.name).",
      hint: "It has to match \(pattern.source)."
        + (parameter.explanation.isEmpty ? "" : " \(parameter.explanation)."))
  }
}
