import PawlModel

/// Whether a kernel really has the modules that DKMS says it installed: the files are looked at, one by
/// one, since DKMS ends with 0 for what it skipped as well.
public struct DKMSVerification {
  private let target: DKMSTarget
  private let files: any HostFiles
  private let information: ToolOutput
  /// The kernel loads nothing without a signature.
  private let needsSignatures: Bool

  private var root: HostRoot { target.root }
  private var kernel: DKMSKernel { target.kernel }

  public init(
    _ target: DKMSTarget, files: any HostFiles,
    information: ToolOutput, needsSignatures: Bool
  ) {
    self.target = target
    self.files = files
    self.information = information
    self.needsSignatures = needsSignatures
  }

  /// What was found of each module, in words. Throws `stepFailed` at the first that is not as it has to be.
  public func check() throws -> [String] {
    let conf = try DKMSRequirements(target).requireConf()
    let expected = DKMSFiles(target, conf: conf)
    let listed = ModuleIndex(root: root, release: kernel.release)
    return try expected.places.map { place in
      let path = try installed(place, expected.suffixes)
      try requireListed(place, path, listed)
      try requireAsBuilt(place, path, expected.suffixes)
      return "\(path): \(try version(of: path))"
    }
  }

  private func installed(_ place: DKMSFiles.Place, _ suffixes: [String]) throws -> String {
    let candidates = suffixes.map { "\(place.folder)/\(place.name)\($0)" }
    if let path = candidates.first(where: root.exists) { return path }
    throw failure(
      "\(place.name) is not in \(place.folder), where DKMS installs it",
      "Look at what it skipped: pawl logs shows its output.")
  }

  /// modprobe takes the one that depmod listed: an older one of the same name may hide it.
  private func requireListed(
    _ place: DKMSFiles.Place, _ path: String, _ listed: ModuleIndex
  ) throws {
    let below = String(path.dropFirst(kernel.modules.count + 1))
    switch listed.file(place.name) {
    case .present(let file) where file.path == below || file.path == path: return
    case .present(let file):
      throw failure(
        "modprobe would load \(file.path) in place of \(below)",
        "A line in depmod.d prefers it (man depmod.d), or depmod was not run.")
    case .absent:
      throw failure("\(place.name) is not in modules.dep", "Run depmod -a \(kernel.release).")
    case .unreadable(let reason): throw failure(reason, "Run depmod -a \(kernel.release).")
    }
  }

  private func requireAsBuilt(
    _ place: DKMSFiles.Place, _ path: String, _ suffixes: [String]
  ) throws {
    let folder = "\(target.built)/module"
    let built = suffixes.map { "\(folder)/\(place.name)\($0)" }.first(where: root.exists)
    guard let built else {
      throw failure("DKMS's own copy of \(place.name) is not in \(folder)", "Build it again.")
    }
    let (one, other) = (
      try files.state(at: root.path(built)).digest, try files.state(at: root.path(path)).digest
    )
    guard one != nil, one == other else {
      throw failure("\(path) is not what DKMS built: it differs from \(built)", "Build it again.")
    }
  }

  private func version(of path: String) throws -> String {
    let magic = try field("vermagic", of: path)
    guard magic.words().first == kernel.release else {
      throw failure(
        "\(path) was built for \(magic.words().first ?? "no kernel at all"), not \(kernel.release)",
        "The headers may be those of another build: install their package again.")
    }
    let signer = try field("signer", of: path)
    if needsSignatures, signer.isEmpty {
      throw failure(
        "\(path) is not signed, and this host loads only signed modules",
        "Name a key in /etc/dkms/framework.conf (mok_signing_key, mok_certificate).")
    }
    return signer.isEmpty ? magic : "\(magic), signed by \(signer)"
  }

  private func field(_ name: String, of path: String) throws -> String {
    switch information.text(["modinfo", "-F", name, root.path(path)]) {
    case .present(let text): return text.trimmingWhitespace()
    case .absent: return ""
    case .unreadable(let reason):
      throw failure("\(path) cannot be read as a module: \(reason)", "Build it again.")
    }
  }

  private func failure(_ what: String, _ hint: String) -> PawlError {
    PawlError(.stepFailed, "\(target.title): \(what).", hint: hint)
  }
}
