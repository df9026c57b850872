/// The files that building and installing a module with DKMS changes, known beforehand so that each can be
/// put back. (dkms.in 2.8 to 3.2: actual_build, do_install, override_dest_module_location)
public struct DKMSFiles: Sendable {
  private let target: DKMSTarget
  private let conf: DKMSConf

  private var root: HostRoot { target.root }
  private var kernel: DKMSKernel { target.kernel }

  public init(_ target: DKMSTarget, conf: DKMSConf) {
    self.target = target
    self.conf = conf
  }

  /// One module of the package as it is built, and where it is then installed.
  struct Place: Sendable, Equatable {
    let name: String
    let folder: String
  }

  var places: [Place] {
    conf.modules.map { Place(name: $0.name, folder: kernel.modules + destination($0.location)) }
  }

  /// Where DKMS keeps what it makes of the module for the kernel.
  public var folder: String { target.built }

  /// Below DKMS's own tree. A torn one of these is taken for a whole one by `dkms build`, which looks at
  /// their names alone.
  public var built: [String] {
    let modules = places.flatMap { place in suffixes.map { "\(folder)/module/\(place.name)\($0)" } }
    return ["\(folder)/log/make.log"] + modules
  }

  /// Below the kernel's own folder: what is put there, and modules of that name that were there before,
  /// which DKMS moves away on some distributions.
  public var installed: [String] {
    let new = places.flatMap { place in suffixes.map { "\(place.folder)/\(place.name)\($0)" } }
    let known = ModuleIndex(root: root, release: kernel.release)
    let old = places.compactMap { known.file($0.name).value?.path }.map {
      $0.hasPrefix("/") ? $0 : "\(kernel.modules)/\($0)"
    }
    return new + old.filter { !new.contains($0) }
  }

  /// What depmod makes anew of all that is there.
  public var listings: [String] { Self.listingNames.map { "\(kernel.modules)/\($0)" } }

  private static let listingNames = [
    "modules.alias", "modules.alias.bin", "modules.builtin.alias.bin", "modules.builtin.bin",
    "modules.dep", "modules.dep.bin", "modules.devname", "modules.softdep", "modules.symbols",
    "modules.symbols.bin", "modules.weakdep",
  ]

  /// DKMS packs a module as the kernel's own are packed.
  var suffixes: [String] {
    let list = root.text("\(kernel.modules)/modules.dep").value ?? ""
    let packed = [".zst", ".xz", ".gz"].first { list.contains(".ko\($0):") }
    return [".ko"] + (packed.map { [".ko" + $0] } ?? [])
  }

  /// Distributions have a folder of their own for them, whatever the package says.
  private func destination(_ location: String?) -> String {
    let family = DistributionFamily.of(root)
    return Self.destinations[family] ?? location ?? "/updates"
  }

  private static let destinations: [DistributionFamily: String] = [
    .debian: "/updates/dkms", .arch: "/updates/dkms", .rhel: "/extra", .suse: "/updates",
  ]
}
