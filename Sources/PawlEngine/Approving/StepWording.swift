import PawlModel

/// A step in plain words: what it does, how it is taken back, what a power cut would mean.
public enum StepWording {
  public static func does(_ step: FrozenStep) -> [String] {
    switch step.action {
    case .command(let command), .build(_, let command): [line(command.argv)]
    case .writeFile(let path, let content, let mode):
      ["write \(path) (\(content.utf8.count) bytes, mode \(String(mode, radix: 8)))"]
    case .appendLine(let path, let text): ["add the line \"\(text)\" to \(path)"]
    case .removeFile(let path): ["remove \(path)"]
    case .copyFile(let from, let to, _): ["copy \(from) to \(to)"]
    case .copyTree(let from, let to): ["copy what was made in \(from) to \(to)"]
    case .kernelConfig(_, let build, let set, _):
      [
        "in \(build)/.config set "
          + set.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
      ]
    case .restart(let kind, let message, let release, let trial):
      ["restart (\(kind.rawValue)): \(message)"] + (trial.map { tries(release, $0) } ?? [])
    }
  }

  public static func undoes(_ step: FrozenStep) -> [String] {
    var lines: [String] = []
    if let undo = step.undo { lines.append(line(undo.argv)) }
    let generated = Set(step.generated ?? [])
    lines += step.pathsToBackUp.map { path in
      generated.contains(path) ? "make \(path) anew" : "put \(path) back as it was"
    }
    if case .copyTree(_, let to) = step.action {
      lines.append("remove from \(to) what was copied there")
    }
    if !lines.isEmpty { return lines }
    if step.action.trialTerms != nil {
      return ["restart into the kernel that runs now, where the new one runs then"]
    }
    if case .restart = step.action { return ["start the kernel you run now; it stays installed"] }
    return [step.effects == .none ? "nothing to undo" : "none declared"]
  }

  private static func tries(_ release: String?, _ terms: TrialTerms) -> [String] {
    let checks = terms.checks.map { line($0.argv) } + terms.modules.map { "the module \($0)" }
    return [
      "start \(release ?? "the new kernel") once; the kernel that runs now stays the default",
      "keep it where the host is well for \(terms.settleSeconds) s within \(terms.deadlineSeconds) s"
        + (checks.isEmpty ? "" : "; asked besides: \(checks.joined(separator: ", "))")
        + (terms.asksPerson ? "; and you say `pawl confirm`" : ""),
      "else go back to the present kernel by itself and undo this plan",
    ]
  }

  public static func interruption(_ step: FrozenStep) -> String {
    switch step.interrupted {
    case .check: "its check decides; where it is not proven done, you are asked again."
    case .retry: "it is done again by itself; that is safe for this step."
    case .ask: "you are asked; nothing is repeated by itself."
    }
  }

  /// An argument vector for eyes: what a shell would need quoted is quoted.
  public static func line(_ argv: [String]) -> String {
    argv.map { argument in
      let plain = argument.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "-_./=:,+@%".unicodeScalars.contains(scalar))
      }
      return plain && !argument.isEmpty ? argument : "'\(printable(argument))'"
    }.joined(separator: " ")
  }

  /// What drives a terminal, or turns round or hides what stands beside it, is shown as a number:
  /// a person consents to what is there, not to what it looks like.
  public static func printable(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control:
        let digits = String(scalar.value, radix: 16)
        shown += "\\x" + (digits.count < 2 ? "0" + digits : digits)
      case .format, .lineSeparator, .paragraphSeparator:
        shown += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
