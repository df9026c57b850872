import PawlModel
import PawlRecipes

/// A made-up host for the planner: every path that looks like a file is one.
enum Facts {
  static let debian = PlanningFacts(
    values: [
      "pawl": "/usr/bin/pawl", "jobs": "2", "work": "/var/tmp/pawl-build-1",
      "module_state": "loadable", "module_loaded": "no",
      "boot_modules": "modules-load.d",
      "boot_modules_file": "/etc/modules-load.d/pawl-vfio-pci.conf",
      "installed_release": "6.1.0-42-amd64",
      "running_config": "/boot/config-6.1.0-42-amd64",
      "default_source": "/usr/src/linux-source-6.1.tar.xz", "kernel_version": "6.1.140",
      "free_localversion": "-pawl1", "kernel_image": "arch/x86/boot/bzImage",
      "kernel_target": "bzImage", "build_timestamp": "Thu Jan  1 00:00:00 UTC 2026",
      "modules_folder": "/usr/lib/modules", "initramfs_prefix": "initrd.img-",
      "package_format": "deb", "package_target": "bindeb-pkg",
      "makepkg_options": "",
      "initramfs_suffix": "", "initramfs_maker": "hooks", "dkms_carried": "", "config_packed": "no",
      "config_module": "",
      "kernel_headers": "no",
      "boot_plan": "trial", "trial_token": "5eed",
      "fallback_folder": "/boot/pawl/fallback-6.1.0-42-amd64",
      "stage_release": "6.1.140-there", "fallback_package": "linux-image-6.1.0-42-amd64",
      "fallback_proven": "yes", "return_forecast": "", "fallback_doubt": "",
      "missing_dependencies": "bc flex",
    ],
    lists: [
      "dependency_install": ["apt-get", "install", "--yes", "bc", "flex"],
      "dependency_check": ["dpkg", "-s", "bc", "flex"],
      "source_files": ["/usr/src/linux-source-6.1.tar.xz"],
      "dkms_carried_modules": [],
      "boot_loader_files": ["/etc/grub.d/09_pawl", "/boot/grub/grub.cfg"],
    ],
    hostName: "gpu-01", machineID: "0123456789abcdef0123456789abcdef",
    asker: Identity(uid: 1000, gid: 1000, groups: [1000], name: "alice", home: "/home/alice"),
    rootIdentity: .root, rootIsWritable: true, environment: ["PATH": "/usr/bin:/bin"],
    mounts: [MountFact(path: "/", fileSystem: "ext4", source: "UUID=1")],
    runningRelease: "6.1.0-42-amd64"
  ) { (path) throws(PawlError) -> FileState in
    switch path.utf8.count % 4 {
    case 0: .absent
    case 1: .other(kind: "folder")
    default:
      .file(
        FileMetadata(mode: 0o644, uid: 0, gid: 0, modifiedNanos: 0),
        digest: SHA256.hash(Array(path.utf8)), size: Int64(path.utf8.count))
    }
  }
}
