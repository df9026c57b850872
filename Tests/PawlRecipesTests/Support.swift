import Foundation
import PawlModel
import PawlRecipes
import Testing

/// The fixtures of the repository.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/recipes")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }
}

extension Identity {
  static let alice = Identity(
    uid: 1000, gid: 1000, groups: [1000], name: "alice", home: "/home/alice")
}

/// A made-up host: a Debian with a source tarball and a GRUB.
func hostFacts(
  root: String = "/", asker: Identity = .alice, rootIdentity: Identity? = .root,
  files: [String: String] = [:], folders: Set<String> = []
) -> PlanningFacts {
  let below = root == "/" ? "" : root
  var known = [
    "/boot/config-6.1.0-42-amd64": "CONFIG_SMP=y\n",
    "/usr/src/linux-source-6.1.tar.xz": "a tarball",
    "\(below)/boot/grub/grub.cfg": "menuentry old\n",
  ]
  known.merge(files) { $1 }
  let present = known
  return PlanningFacts(
    values: [
      "pawl": "/usr/bin/pawl", "jobs": "2", "work": "/home/alice/.cache/pawl/1",
      "module_state": "loadable", "module_loaded": "no",
      "boot_modules": "modules-load.d",
      "boot_modules_file": "/etc/modules-load.d/pawl-vfio-pci.conf",
      "installed_release": "6.1.0-42-amd64",
      "running_config": "/boot/config-6.1.0-42-amd64",
      "default_source": "/usr/src/linux-source-6.1.tar.xz", "kernel_version": "6.1.140",
      "free_localversion": "-pawl1", "kernel_image": "arch/x86/boot/bzImage",
      "kernel_target": "bzImage", "build_timestamp": "Thu Jan  1 00:00:00 UTC 2026",
      "modules_folder": "\(below)/usr/lib/modules", "initramfs_prefix": "initrd.img-",
      "package_format": "deb", "package_target": "bindeb-pkg",
      "makepkg_options": "",
      "initramfs_suffix": "", "initramfs_maker": "hooks", "dkms_carried": "", "config_packed": "no",
      "config_module": "",
      "kernel_headers": "no",
      "boot_plan": root == "/" ? "trial" : "none", "trial_token": "5eed",
      "fallback_folder": "/boot/pawl/fallback-6.1.0-42-amd64", "stage_release": "6.1.140-there",
      "fallback_package": root == "/" ? "linux-image-6.1.0-42-amd64" : "", "fallback_proven": "yes",
      "return_forecast": "",
      "fallback_doubt": "",
      "missing_dependencies": "bc flex",
    ],
    lists: [
      "dependency_install": ["apt-get", "install", "--yes", "bc", "flex"],
      "dependency_check": ["dpkg", "-s", "bc", "flex"],
      "source_files": ["/usr/src/linux-source-6.1.tar.xz"],
      "dkms_carried_modules": [],
      "boot_loader_files": ["/etc/grub.d/09_pawl", "/boot/grub/grub.cfg"],
    ],
    hostName: "gpu-01", machineID: "0123456789abcdef0123456789abcdef", root: root, asker: asker,
    rootIdentity: rootIdentity, rootIsWritable: true, buildIdentity: nil,
    environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"],
    mounts: [MountFact(path: "/", fileSystem: "ext4", source: "UUID=1")],
    runningRelease: "6.1.0-42-amd64"
  ) { (path) throws(PawlError) -> FileState in
    if folders.contains(path) { return .other(kind: "folder") }
    guard let text = present[path] else { return .absent }
    return .file(
      FileMetadata(mode: 0o644, uid: 0, gid: 0, modifiedNanos: 0),
      digest: SHA256.hash(text.utf8), size: Int64(text.utf8.count))
  }
}

func recipe(_ yaml: String) throws -> Recipe {
  try Recipe.read(bytes: Array(yaml.utf8), fileName: "test.yaml").get()
}

func shipped(_ name: String) throws -> Recipe {
  let entry = try #require(ShippedRecipes.named(name))
  return try Recipe.read(bytes: entry.bytes, fileName: "\(name).yaml").get()
}

/// A recipe of the steps given, each line indented already by four spaces after `- `.
func withSteps(_ steps: String, parameters: String = "{}") -> String {
  """
  name: sample
  description: A sample
  rollback: {description: nothing to do}
  parameters: \(parameters)
  steps:

  """ + steps
}

/// The error that planning ends in.
func refusal(
  _ yaml: String, _ settings: [String: String] = [:], _ facts: PlanningFacts = hostFacts()
) throws -> PawlError {
  let recipe = try recipe(yaml)
  return try #require(throws: PawlError.self) {
    try RecipePlanner.plan(recipe: recipe, settings: settings, facts: facts)
  }
}
