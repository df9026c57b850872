import PawlModel

/// A recipe and a host's facts to a frozen plan. Pure: it asks the facts, never the host.
public enum RecipePlanner {
  /// Parameters whose values are known before any fact is: what `--set` gave and plain defaults.
  /// The host gathers its facts for these. Refuses what `plan` would refuse of them.
  public static func settledParameters(
    of recipe: Recipe, settings: [String: String]
  ) throws(PawlError) -> [String: String] {
    try ParameterValues.settled(recipe, settings)
  }

  public static func plan(
    recipe: Recipe, settings: [String: String], facts: PlanningFacts
  ) throws(PawlError) -> FrozenPlan {
    let (values, parameters) = try values(recipe, settings, facts)
    let newRelease = recipe.subject.kernel == nil ? nil : values.scalars["release"]
    if let newRelease, !recipe.subject.isRunningKernel {
      try refuseExisting(newRelease, values, facts)
    }

    var freezer = FactFreezer(facts: facts)
    var steps: [FrozenStep] = []
    for step in recipe.steps where step.conditions.allSatisfy({ values.holds($0) }) {
      let planner = StepPlanner(
        step: step, values: values, facts: facts, newRelease: newRelease)
      steps.append(try freezer.freeze(try planner.plan()))
    }
    guard !steps.isEmpty else {
      throw PawlError(
        .refused, "Nothing of the recipe \(recipe.name) applies to this host.",
        hint: "See what it would do elsewhere: pawl recipe show \(recipe.name)")
    }

    var modules: [String] = []
    for module in recipe.subject.modules { modules.append(try values.expand(module)) }
    let plan = FrozenPlan(
      recipe: recipe.name, summary: try values.expand(recipe.summary),
      rollback: try values.expand(recipe.rollback), parameters: parameters,
      hostName: facts.hostName, machineID: facts.machineID, root: facts.root, asker: facts.asker,
      environment: facts.environment, mounts: facts.mounts, runningRelease: facts.runningRelease,
      newRelease: newRelease, modules: modules,
      options: try subjectOptions(recipe, values), steps: steps)
    try SharedConfiguration.refuseBeforeTrial(plan)
    try refuseTooLarge(plan)
    return plan
  }

  private static func values(
    _ recipe: Recipe, _ settings: [String: String], _ facts: PlanningFacts
  ) throws(PawlError) -> (Values, parameters: [String: String]) {
    let root = try Paths.clean(facts.root)
    var scalars = facts.values
    scalars["root"] = root
    scalars["live"] = root == "/" ? "yes" : "no"
    scalars["host"] = facts.hostName
    scalars["running_release"] = facts.runningRelease
    if recipe.subject.kernel == nil {
      scalars["release"] = facts.values["release"] ?? facts.runningRelease
    } else {
      scalars["release"] = nil
    }
    var values = Values(scalars: scalars, lists: facts.lists, root: root)
    let parameters = try ParameterValues.all(recipe, settings, facts: values)
    for (name, value) in parameters {
      values.scalars[name] = value
      values.scalars[name + "_underscored"] = String(value.map { $0 == "-" ? "_" : $0 })
    }
    if let kernel = recipe.subject.kernel {
      values.scalars["release"] = try checkedRelease(try values.expand(kernel))
    }
    return (values, parameters)
  }

  private static func checkedRelease(_ release: String) throws(PawlError) -> String {
    let isPlain = release.unicodeScalars.allSatisfy {
      ScalarSet.word.contains($0) || "-.+~".unicodeScalars.contains($0)
    }
    guard isPlain, (1...64).contains(release.utf8.count), !release.hasPrefix("-"),
      !release.hasPrefix(".")
    else {
      throw PawlError(
        .usage, "\"\(release)\" cannot be the release of a kernel.",
        hint: "A release has at most 64 letters, digits and the signs - . + _ ~.")
    }
    return release
  }

  /// Installing over a kernel that is there would leave no way back to it.
  private static func refuseExisting(
    _ release: String, _ values: Values, _ facts: PlanningFacts
  ) throws(PawlError) {
    let folder = values.scalars["modules_folder"] ?? values.root + "/lib/modules"
    for path in [values.root + "/boot/vmlinuz-" + release, folder + "/" + release] {
      let path = try Paths.clean(path)
      guard try facts.state(path) != .absent else { continue }
      throw PawlError(
        .refused, "The kernel \(release) is installed already: \(path) is there.",
        hint: "Every kernel gets a release of its own: choose another --set localversion=…")
    }
  }

  private static func subjectOptions(
    _ recipe: Recipe, _ values: Values
  ) throws(PawlError) -> [String] {
    guard let text = recipe.subject.options else { return [] }
    let options = try values.expand(text)
    guard let parsed = Assignments.parse(options) else {
      throw PawlError(
        .usage, "\"\(options)\" is no list of options.", hint: "Write SYMBOL=y,OTHER=m.")
    }
    return parsed.map(\.symbol)
  }

  private static func refuseTooLarge(_ plan: FrozenPlan) throws(PawlError) {
    let size = try CanonicalJSON.encode(plan).count
    guard plan.steps.count <= RecipeLimits.steps, size <= RecipeLimits.planBytes else {
      throw PawlError(
        .refused,
        "The plan would have \(plan.steps.count) steps and \(size) bytes; "
          + "\(RecipeLimits.steps) and \(RecipeLimits.planBytes) are the most.",
        hint: "Split the recipe into several.")
    }
  }
}
