import PawlModel

/// What `{{name}}` stands for, and how it is put in place. Never through a shell, and never twice:
/// a value that holds `{{` itself is refused.
struct Values {
  var scalars: [String: String]
  var lists: [String: [String]]
  var root: String
  var budget = Budget()

  func expand(_ text: Text) throws(PawlError) -> String {
    try budget.take(text.raw.utf8.count)
    guard text.hasNames else { return text.raw }
    guard let pieces = text.pieces else {
      throw PawlError(.badRecipe, "\"\(text.raw)\" has a `{{` without a name and `}}`.")
    }
    var result = ""
    for piece in pieces {
      switch piece {
      case .literal(let part): result += part
      case .name(let name):
        let value = try value(name)
        try budget.take(value.utf8.count)
        result += value
      }
    }
    guard result.range(of: "{{") == nil else {
      throw PawlError(
        .usage, "A `{{` is left over in \"\(result.prefix(200))\".",
        hint: "Values given with --set must not hold `{{`.")
    }
    guard !result.hasNUL else {
      throw PawlError(.usage, "A value in \"\(text.raw.prefix(200))\" holds a NUL byte.")
    }
    return result
  }

  /// Arguments: a list that is all of an argument is spliced in.
  func expand(_ texts: [Text]) throws(PawlError) -> [String] {
    var result: [String] = []
    for text in texts {
      if let name = text.onlyName, scalars[name] == nil, let items = lists[name] {
        try budget.take(items.reduce(0) { $0 + $1.utf8.count + 8 })
        result += items
      } else {
        result.append(try expand(text))
      }
    }
    return result
  }

  /// A path as the host sees it: below the root where the recipe wrote `/…`, as it comes where
  /// the recipe began with a fact.
  func path(_ text: Text) throws(PawlError) -> String {
    let expanded = try expand(text)
    return try Paths.clean(text.raw.hasPrefix("/") ? root + "/" + expanded : expanded)
  }

  func paths(_ texts: [Text]) throws(PawlError) -> [String] {
    var result: [String] = []
    for text in texts {
      if let name = text.onlyName, scalars[name] == nil, let items = lists[name] {
        for item in items { result.append(try Paths.clean(item)) }
      } else {
        result.append(try path(text))
      }
    }
    return result
  }

  func holds(_ condition: RecipeCondition) -> Bool {
    let name = condition.name.raw
    let value = scalars[name] ?? lists[name]?.joined(separator: " ") ?? ""
    return (value == condition.value) != condition.isNegated
  }

  /// The same values as the rules for risks and backups see them: without the root before them.
  var insideRoot: Values {
    guard root != "/" else { return self }
    func inside(_ value: String) -> String {
      guard SystemPaths.covers(root, value) else { return value }
      let rest = String(value.dropFirst(root.count))
      return rest.isEmpty ? "/" : rest
    }
    return Values(
      scalars: scalars.mapValues(inside), lists: lists.mapValues { $0.map(inside) }, root: "/",
      budget: budget)
  }

  private func value(_ name: String) throws(PawlError) -> String {
    if let value = scalars[name] { return value }
    if lists[name] != nil {
      throw PawlError(.badRecipe, "{{\(name)}} is a list and stands for whole arguments only.")
    }
    throw PawlError(
      .refused, "Nothing on this host says what {{\(name)}} is.",
      hint: FactName.all.first { $0.name == name }.map { "It would be \($0.meaning)." })
  }
}

/// How much text a plan may expand to, over all of its steps, before it is refused: a few
/// thousand bytes of recipe can ask for gigabytes.
final class Budget {
  private var left = 4 * RecipeLimits.planBytes

  func take(_ bytes: Int) throws(PawlError) {
    left -= bytes
    guard left < 0 else { return }
    throw PawlError(
      .refused, "The plan would be larger than \(RecipeLimits.planBytes >> 20) MiB.",
      hint: "Split the recipe into several, or give shorter values.")
  }
}

enum Paths {
  /// Absolute, without `..`, doubled slashes and a slash at the end.
  static func clean(_ path: String) throws(PawlError) -> String {
    let isPlain = path.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard path.hasPrefix("/"), isPlain, path.utf8.count < 4096 else {
      throw PawlError(
        .usage, "\"\(path.prefix(200))\" is not an absolute path.",
        hint: "Give the whole path, beginning with /.")
    }
    let parts = path.split(separator: "/")
    guard !parts.contains(".."), !parts.contains(".") else {
      throw PawlError(
        .usage, "The path \(path) has `.` or `..` in it.", hint: "Give the path it stands for.")
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Whether one of them is the other, or holds it.
  static func overlap(_ left: String, _ right: String) -> Bool {
    SystemPaths.covers(left, right) || SystemPaths.covers(right, left)
  }
}
