/// The recipes that come with Pawl, embedded in the binary.
public enum ShippedRecipes {
  public struct Entry: Sendable {
    public let name: String
    public let bytes: [UInt8]
  }

  /// In the order in which they are listed.
  public static let all: [Entry] = [
    Entry(name: "module-load", bytes: PackageResources.module_load_yaml),
    Entry(name: "module-early", bytes: PackageResources.module_early_yaml),
    Entry(name: "vfio", bytes: PackageResources.vfio_yaml),
    Entry(name: "dkms", bytes: PackageResources.dkms_yaml),
    Entry(name: "kernel-rebuild", bytes: PackageResources.kernel_rebuild_yaml),
    Entry(name: "kernel-install", bytes: PackageResources.kernel_install_yaml),
    Entry(name: "kernel-package", bytes: PackageResources.kernel_package_yaml),
    Entry(name: "wsl-kernel", bytes: PackageResources.wsl_kernel_yaml),
  ]

  public static func named(_ name: String) -> Entry? { all.first { $0.name == name } }
}
