/// A program and its arguments, exactly. There is no shell anywhere between a plan and `execve`.
public struct Command: Codable, Sendable, Hashable {
  public var argv: [String]
  /// Absolute; nil is `/`.
  public var directory: String?
  /// Added to the frozen environment of the plan.
  public var environment: [String: String]

  public init(argv: [String], directory: String? = nil, environment: [String: String] = [:]) {
    self.argv = argv
    self.directory = directory
    self.environment = environment
  }

  /// `pawl internal …`: what its exit statuses mean is known.
  public var isOwnJob: Bool { argv.count > 2 && argv[1] == "internal" }
}

/// The one thing that a step does. Paths are absolute and already below the plan's root.
public enum Action: Codable, Sendable, Hashable {
  case command(Command)
  /// `mode` is the permission bits, 0o644 say.
  case writeFile(path: String, content: String, mode: UInt32)
  /// Adds the line and a newline unless the file has that very line already.
  case appendLine(path: String, line: String)
  case removeFile(path: String)
  /// `mode` nil keeps the mode of the source.
  case copyFile(from: String, to: String, mode: UInt32?)
  /// Copies what the manifest of the producing step lists, hashing while copying.
  case copyTree(from: String, to: String)
  /// Sets symbols in `build`/.config, runs `olddefconfig`, reads back what stuck.
  /// `source` is the kernel tree, `build` its `O=` folder; values are `y`, `m`, `n` or a value.
  case kernelConfig(source: String, build: String, set: [String: String], make: Command)
  /// A long command with progress. `directory` is the `O=` folder that Pawl made and marked.
  case build(directory: String, command: Command)
  /// `trial` nil: the host is restarted, whatever kernel comes up.
  case restart(
    kind: RestartKind, message: String, expectedRelease: String?, trial: TrialTerms? = nil)

  /// Pawl performs these itself and can tell before from after: repeating them is safe.
  public var isRepeatableByNature: Bool {
    switch self {
    case .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .kernelConfig, .build: true
    case .command, .restart: false
    }
  }

  /// A program changes files in its own way and time: stopped halfway, it may leave anything.
  /// Pawl's own file actions leave a file as it was or as it is to be.
  public var runsProgram: Bool {
    switch self {
    case .command, .kernelConfig, .build: true
    case .writeFile, .appendLine, .removeFile, .copyFile, .copyTree, .restart: false
    }
  }

  /// The files that Pawl's own file actions change, for facts and backups.
  public var editedPaths: [String] {
    switch self {
    case .writeFile(let path, _, _), .appendLine(let path, _), .removeFile(let path): [path]
    case .copyFile(_, let to, _): [to]
    case .kernelConfig(_, let build, _, _): [build + "/.config"]
    case .command, .copyTree, .build, .restart: []
    }
  }

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
}

public enum RestartKind: String, Codable, Sendable, Hashable, CaseIterable {
  case system, wsl
}
