import PawlModel

/// What `.wslconfig` says of the kernel: which one, the disk with its modules, and what stands on its command
/// line. Everything else in the file is somebody's own and stays byte for byte. (Microsoft: WSL/wsl-config.md)
struct WSLKernelSettings: Sendable, Equatable {
  /// nil: WSL's own kernel.
  var kernel: String?
  var modulesDisk: String?
  var commandLine: String?

  private static let section = "wsl2"

  /// - Parameter bytes: of `.wslconfig`; nil where there is none.
  init(_ bytes: [UInt8]?) throws(PawlError) {
    let file = try SettingsFile(bytes: bytes ?? [])
    kernel = try file.value(of: "kernel", in: Self.section)
    modulesDisk = try file.value(of: "kernelModules", in: Self.section)
    commandLine = try file.value(of: "kernelCommandLine", in: Self.section)
  }

  /// The same file with these settings.
  func written(into bytes: [UInt8]?) throws(PawlError) -> [UInt8] {
    var file = try SettingsFile(bytes: bytes ?? [])
    let wanted = [
      ("kernel", kernel), ("kernelModules", modulesDisk), ("kernelCommandLine", commandLine),
    ]
    for (key, value) in wanted {
      guard try file.value(of: key, in: Self.section) != value else { continue }
      if let value {
        try file.set(key, to: value, in: Self.section)
      } else {
        try file.remove(key, in: Self.section)
      }
    }
    return file.bytes
  }

  // MARK: - A trial

  /// With the kernel of a trial, and its token behind what the command line holds already. A disk with
  /// the modules of another kernel is of no use to it.
  func trying(_ terms: WSLTerms, token: String) -> WSLKernelSettings {
    var wanted = keeping(terms)
    wanted.commandLine = ((commandLine?.words() ?? []) + ["pawl.trial=\(token)"])
      .joined(separator: " ")
    return wanted
  }

  /// With the kernel that was tried, for good.
  func keeping(_ terms: WSLTerms) -> WSLKernelSettings {
    var wanted = withoutToken
    wanted.kernel = terms.kernel
    wanted.modulesDisk = terms.modulesDisk
    return wanted
  }

  /// With the kernel of before in place of the one that is tried.
  func leaving(_ before: WSLKernelSettings) -> WSLKernelSettings {
    var wanted = withoutToken
    wanted.kernel = before.kernel
    wanted.modulesDisk = before.modulesDisk
    return wanted
  }

  /// What else stands on the command line is kept, its spaces too where there was no token.
  private var withoutToken: WSLKernelSettings {
    var wanted = self
    let words = commandLine?.words() ?? []
    guard words.contains(where: Self.isToken) else { return wanted }
    let rest = words.filter { !Self.isToken($0) }
    wanted.commandLine = rest.isEmpty ? nil : rest.joined(separator: " ")
    return wanted
  }

  func carries(_ token: String) -> Bool {
    commandLine?.words().contains("pawl.trial=\(token)") == true
  }

  /// Of the trial that it is set for; nil where it is set for none.
  var token: String? {
    let word = commandLine?.words().first(where: Self.isToken)
    return word.map { String($0.dropFirst("pawl.trial=".count)) }
  }

  private static func isToken(_ word: String) -> Bool { word.hasPrefix("pawl.trial=") }
}

extension WSLTerms {
  /// Throws where a `.wslconfig` does not say which kernel WSL starts: a key that is set twice, bytes
  /// that are no text.
  public static func requireReadable(_ bytes: [UInt8]) throws(PawlError) {
    _ = try WSLKernelSettings(bytes)
  }
}
