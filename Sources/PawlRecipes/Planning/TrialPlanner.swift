import PawlModel

/// How a restart tries its kernel, with every parameter put in place.
struct TrialPlanner {
  let step: StepID
  let trial: RecipeTrial
  let values: Values

  func terms() throws(PawlError) -> TrialTerms {
    guard let token = values.scalars["trial_token"], !token.isEmpty else {
      throw PawlError(.internalFault, "The trial of step \"\(step)\" has no token.")
    }
    let deadline = try seconds(trial.deadline)
    let settle = try seconds(trial.settle)
    guard settle < deadline else {
      throw PawlError(
        .usage,
        "A kernel that settles for \(settle) seconds is never done before a deadline of "
          + "\(deadline).",
        hint: "Make the deadline longer than the time to settle.")
    }
    return TrialTerms(
      token: token, deadlineSeconds: deadline, settleSeconds: settle, modules: try modules(),
      asksPerson: try isYes(trial.confirm), wsl: try wsl())
  }

  private func wsl() throws(PawlError) -> WSLTerms? {
    guard let wsl = trial.wsl else { return nil }
    let hadSettings = try values.expand(wsl.hadSettings) != "no"
    return WSLTerms(
      settings: try values.path(wsl.settings),
      before: hadSettings ? try values.path(wsl.before) : nil,
      folder: try values.expand(wsl.folder),
      hasModulesDisk: try values.expand(wsl.drivers) == WSLDrivers.disk.rawValue)
  }

  private func seconds(_ text: Text) throws(PawlError) -> Int {
    let expanded = try values.expand(text)
    guard let seconds = Quantities.seconds(expanded) else {
      throw PawlError(
        .usage, "\"\(expanded)\" is no length of time.",
        hint: "Write a whole number and s, m or h: 60s, 10m, 1h.")
    }
    return seconds
  }

  private func isYes(_ text: Text) throws(PawlError) -> Bool {
    switch try values.expand(text) {
    case "yes", "true": return true
    case "no", "false": return false
    case let other:
      throw PawlError(
        .usage, "\"\(other)\" does not say whether a person is asked.", hint: "Write yes or no.")
    }
  }

  private func modules() throws(PawlError) -> [String] {
    var names: [String] = []
    for text in trial.modules {
      names += try values.expand(text).split(separator: ",").map { HostText.trimmed(String($0)) }
    }
    return names.filter { !$0.isEmpty }
  }
}

extension HostText {
  fileprivate static func trimmed(_ word: String) -> String {
    String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
