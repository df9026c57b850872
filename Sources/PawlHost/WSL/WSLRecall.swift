import PawlModel

/// A trial under WSL of which no journal tells: `.wslconfig` itself carries its token, and beside the kernel
/// that it names lie the settings of before. Left alone, WSL would start that kernel for ever, and nothing
/// would ever prove it.
struct WSLRecall {
  let files: any HostFiles
  let side: WindowsSide
  let root: HostRoot

  static func live(_ host: LiveHost) -> WSLRecall {
    WSLRecall(files: host, side: .detect(root: .live), root: .live)
  }

  /// Of every user of Windows whose drive is mounted: whose settings WSL reads is not known here. Where what
  /// was there before cannot be found, WSL gets its own kernel again.
  ///
  /// What survives a power cut: for each of them the settings of before or those of the trial.
  func takeBack() throws {
    for path in settingsFiles {
      guard let bytes = root.read(path, limit: 1 << 20).value,
        let present = try? WSLKernelSettings(bytes), let token = present.token
      else { continue }
      let terms = terms(of: present, at: path)
      let trial = WSLTrial(terms: terms, files: files, side: side, root: root) { _ in nil }
      try trial.disarm(TrialTerms(token: token, wsl: terms))
    }
  }

  private var settingsFiles: [String] {
    side.drives.flatMap { drive in
      let users = "\(drive.mountPoint)/Users"
      return (root.list(users).value ?? []).sorted().map { "\(users)/\($0)/.wslconfig" }
    }
  }

  private func terms(of present: WSLKernelSettings, at path: String) -> WSLTerms {
    let kernel = present.kernel.flatMap(WindowsPath.init).flatMap(side.place)
    let before = kernel.map { "\(BootFiles.folder(of: $0))/\(WSLReturnScript.before)" }
    return WSLTerms(
      settings: root.path(path), before: before.filter(root.exists).map(root.path),
      kernel: present.kernel ?? "", modulesDisk: present.modulesDisk)
  }
}

extension Optional {
  fileprivate func filter(_ isWanted: (Wrapped) -> Bool) -> Wrapped? {
    flatMap { isWanted($0) ? $0 : nil }
  }
}
