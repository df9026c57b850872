import PawlHost
import PawlModel

/// What the recipe `dkms` wants to know of a host.
struct DKMSFacts {
  private let target: DKMSTarget
  private let files: DKMSFiles
  private let security: SecurityDetection
  /// The package with the kernel's headers, where they are not there.
  private let missingHeaders: String?
  /// Pawl's own.
  private let program: String

  private var root: HostRoot { target.root }

  /// Throws `refused` where DKMS, or what is to be built, is not there.
  init(
    _ name: String, parameters: [String: String], running: String, program: String,
    detection: HostDetection
  ) throws {
    self.program = program
    security = detection.security
    target = DKMSTarget(
      root: detection.root,
      module: try DKMSRequirements.module(
        name, version: parameters["version"], root: detection.root),
      kernel: .ofThisMachine(parameters["kernel"] ?? running))
    missingHeaders =
      target.kernel.hasHeaders(root: target.root)
      ? nil : KernelHeaders.package(target.kernel, root: target.root)
    let conf = try DKMSRequirements(target).check(headersMayCome: missingHeaders != nil)
    files = DKMSFiles(target, conf: conf)
    if isKeyWanted { try ModuleSigningKey.ofDKMS(root: root).requireMakeable(below: root) }
  }

  var values: [String: String] {
    [
      "dkms_version": target.module.version,
      "dkms_registered": target.isRegistered ? "yes" : "no",
      "dkms_previous": target.installed?.version ?? "",
      "dkms_folder": root.path(files.folder),
      "missing_headers": missingHeaders ?? "",
      "mok_wanted": isKeyWanted ? "yes" : "no",
    ]
  }

  var lists: [String: [String]] {
    [
      "headers_install": missingHeaders.map {
        KernelHeaders.installCommand($0, root: root, by: program)
      } ?? [],
      "dkms_built_files": files.built.map(root.path),
      "dkms_listings": files.listings.map(root.path),
      "dkms_installed_files": files.installed.map(root.path),
    ]
  }

  /// Also where the key is known now: DKMS makes a new one whenever it finds none.
  private var isKeyWanted: Bool {
    security.secureBoot.value == .enabled && security.moduleSignatures.value == .required
  }
}
