/// A command as it would run, seen through `env`, `nice` and the like.
struct Invocation {
  /// The last component of the program's path.
  var program: String
  var arguments: [Text]
  /// The wrappers that were looked through, outermost first.
  var wrappers: [String]
  var position: Position

  init?(_ argv: [Text]) {
    var rest = argv[...]
    var wrappers: [String] = []
    while let first = rest.first {
      let name = Invocation.lastComponent(first.raw)
      guard Invocation.wrappers.contains(name), wrappers.count < 8 else {
        program = name
        arguments = Array(rest.dropFirst())
        self.wrappers = wrappers
        position = first.position
        return
      }
      wrappers.append(name)
      rest = Invocation.afterOptions(rest.dropFirst(), of: name)
    }
    return nil
  }

  private static let wrappers: Set<String> = [
    "env", "sudo", "doas", "pkexec", "nice", "ionice", "timeout", "setsid", "stdbuf", "chroot",
    "nsenter", "unshare", "systemd-run", "systemd-inhibit", "xargs", "nohup", "chrt", "taskset",
  ]

  /// Wrappers whose first argument that is no option is their own.
  private static let takesOne: Set<String> = ["timeout", "chroot", "taskset", "chrt"]

  private static func afterOptions(_ argv: ArraySlice<Text>, of name: String) -> ArraySlice<Text> {
    var rest = argv
    var own = takesOne.contains(name) ? 1 : 0
    while let first = rest.first?.raw {
      let isOption = first.hasPrefix("-") || (name == "env" && first.utf8.contains(61))
      let isNumber = !first.isEmpty && first.utf8.allSatisfy { (48...57).contains($0) }
      guard isOption || isNumber || own > 0 else { return rest }
      if !isOption, !isNumber || own > 0 { own -= 1 }
      rest = rest.dropFirst()
    }
    return rest
  }

  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  var words: [String] { arguments.map(\.raw) }

  func has(_ options: String...) -> Bool {
    words.contains { word in options.contains { word == $0 || word.hasPrefix($0 + "=") } }
  }

  /// The first argument that is no option.
  var subject: String? { words.first { !$0.hasPrefix("-") } }
}
