import PawlHost
import PawlModel

/// What the recipe `dkms` wants to know of a host.
struct DKMSFacts {
  let module: DKMSModule
  let kernel: DKMSKernel
  let root: HostRoot
  private let files: DKMSFiles
  private let security: SecurityDetection

  /// Throws `refused` where DKMS, or what is to be built, is not there.
  init(
    _ name: String, parameters: [String: String], running: String, detection: HostDetection
  ) throws {
    root = detection.root
    security = detection.security
    let newest = DKMSModule.newest(name, root: root)
    module =
      parameters["version"].map { DKMSModule(name: name, version: $0) } ?? newest
      ?? DKMSModule(name: name, version: "VERSION")
    kernel = DKMSKernel.ofThisMachine(parameters["kernel"] ?? running)
    let conf = try DKMSRequirements(root: root, module: module, kernel: kernel)
      .check(headersMayCome: true)
    files = DKMSFiles(root: root, module: module, kernel: kernel, conf: conf)
  }

  var values: [String: String] {
    [
      "dkms_version": module.version,
      "dkms_registered": module.isRegistered(root: root) ? "yes" : "no",
      "dkms_previous": DKMSModule.installed(module.name, for: kernel, root: root)?.version ?? "",
      "dkms_folder": root.path(files.folder),
      "missing_headers": missingHeaders ?? "",
      "mok_wanted": isKeyWanted ? "yes" : "no",
    ]
  }

  var lists: [String: [String]] {
    [
      "headers_install": missingHeaders.map { KernelHeaders.installCommand($0, root: root) } ?? [],
      "dkms_built_files": files.built.map(root.path),
      "dkms_listings": files.listings.map(root.path),
      "dkms_installed_files": files.installed.map(root.path),
    ]
  }

  private var missingHeaders: String? {
    kernel.hasHeaders(root: root) ? nil : KernelHeaders.package(kernel, root: root)
  }

  private var isKeyWanted: Bool {
    guard security.secureBoot.value == .enabled, security.moduleSignatures.value == .required
    else { return false }
    return ModuleSigningKey.ofDKMS(root: root).standing != .enrolled
  }
}
