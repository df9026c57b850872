/// The packages that building a kernel needs, as data per family of distributions.
///
/// From `scripts/package/mkdebian`, the kernel's spec file and PKGBUILD, Alpine's APKBUILD of
/// `linux-lts`, and the kernel's own guides. `pahole` is counted as needed: nearly every distribution
/// sets `DEBUG_INFO_BTF`, and without pahole `olddefconfig` switches it off without a word.
public struct BuildDependencies: Sendable, Equatable {
  /// A package, and other packages that do as well.
  public struct Package: Sendable, Equatable {
    public let name: String
    public let alternatives: [String]
    /// What the build needs it for.
    public let purpose: String
  }

  public let family: DistributionFamily
  public let packages: [Package]
  private let installer: [String]

  /// The command that installs `names`; root runs it.
  public func installCommand(_ names: [String]) -> [String] { installer + names }

  /// The same by `program`, Pawl itself, which finishes what a power cut left of an attempt of its own where the
  /// distribution's program would not begin then: dpkg.
  public func installCommand(_ names: [String], by program: String) -> [String] {
    let argv = installCommand(names)
    return family == .debian ? [program, "internal", "install-packages"] + argv : argv
  }

  /// The command that installs everything.
  public var installCommand: [String] { installCommand(packages.map(\.name)) }

  /// The table of a family; nil for an unknown one.
  public static func of(_ family: DistributionFamily) -> BuildDependencies? {
    guard let row = table[family] else { return nil }
    let packages = row.packages.split(separator: "\n").compactMap { line -> Package? in
      let halves = line.split(separator: ":", maxSplits: 1).map { $0.trimmingWhitespace() }
      guard halves.count == 2 else { return nil }
      let names = halves[0].split(separator: "|").map(String.init)
      guard let first = names.first else { return nil }
      return Package(name: first, alternatives: Array(names.dropFirst()), purpose: halves[1])
    }
    return BuildDependencies(family: family, packages: packages, installer: row.installer)
  }

  /// The packages of the debian family that are not installed below `root`, by
  /// `/var/lib/dpkg/status`. Absent for other families, whose databases only their own tools read.
  /// `names`: more that are needed.
  public func missing(root: HostRoot, besides names: [String] = []) -> Reading<[String]> {
    guard family == .debian else { return .absent }
    return DpkgStatus.read(root: root).map { status in
      let missing = packages.filter { package in
        !([package.name] + package.alternatives).contains(where: status.hasInstalled)
      }.map(\.name)
      return missing + names.filter { !missing.contains($0) && !status.hasInstalled($0) }
    }
  }

  private struct Row: Sendable {
    let installer: [String]
    let packages: String
  }

  /// `name|alternative: purpose`, one a line.
  private static let table: [DistributionFamily: Row] = [
    .debian: Row(
      installer: ["apt-get", "install", "-y", "--no-install-recommends"],
      packages: """
        build-essential: compiler, linker, make, dpkg-dev
        bc: timeconst.h
        bison: Kconfig and dtc parsers
        flex: Kconfig and dtc scanners
        libelf-dev: objtool
        libssl-dev: signing of modules
        openssl: keys for signing
        dwarves|pahole: BTF
        libdw-dev: gendwarfksyms
        python3: generated sources
        perl|perl-base: generated sources
        rsync: headers
        cpio: initramfs and kernel headers
        kmod: depmod
        xz-utils: packed images and modules
        zstd: packed images and modules
        gawk|mawk|original-awk: build scripts
        debhelper: the deb-pkg target
        """),
    .rhel: Row(
      installer: ["dnf", "install", "-y"],
      packages: """
        gcc: compiler
        make: the build
        binutils: linker
        bc: timeconst.h
        bison: Kconfig and dtc parsers
        flex: Kconfig and dtc scanners
        elfutils-libelf-devel: objtool
        elfutils-devel: gendwarfksyms
        openssl: keys for signing
        openssl-devel: signing of modules
        dwarves: BTF
        perl: generated sources
        python3: generated sources
        rsync: headers
        cpio: initramfs and kernel headers
        kmod: depmod
        xz: packed images and modules
        zstd: packed images and modules
        gawk: build scripts
        diffutils: build scripts
        findutils: build scripts
        rpm-build: the rpm-pkg target
        """),
    .alpine: Row(
      installer: ["apk", "add"],
      packages: """
        build-base: compiler, linker, make
        bash: build scripts
        bc: timeconst.h
        bison: Kconfig and dtc parsers
        flex: Kconfig and dtc scanners
        elfutils-dev: objtool
        openssl: keys for signing
        openssl-dev: signing of modules
        linux-headers: tools of the build
        gmp-dev: compiler plugins
        mpc1-dev: compiler plugins
        mpfr-dev: compiler plugins
        pahole: BTF
        perl: generated sources
        python3: generated sources
        rsync: headers
        cpio: initramfs and kernel headers
        kmod: depmod
        xz: packed images and modules
        zstd: packed images and modules
        mawk: build scripts
        sed: build scripts
        diffutils: build scripts
        findutils: build scripts
        installkernel: make install
        """),
    .arch: Row(
      installer: ["pacman", "-S", "--needed", "--noconfirm"],
      packages: """
        base-devel: compiler, linker, make
        bc: timeconst.h
        cpio: initramfs and kernel headers
        gettext: translated messages
        kmod: depmod
        libelf: objtool
        openssl: signing of modules
        pahole: BTF
        perl: generated sources
        python: generated sources
        rsync: headers
        tar: packed headers
        xz: packed images and modules
        zstd: packed images and modules
        """),
    .suse: Row(
      installer: ["zypper", "--non-interactive", "install"],
      packages: """
        gcc: compiler
        make: the build
        binutils: linker
        bc: timeconst.h
        bison: Kconfig and dtc parsers
        flex: Kconfig and dtc scanners
        libelf-devel: objtool
        libdw-devel: gendwarfksyms
        openssl: keys for signing
        libopenssl-devel: signing of modules
        dwarves: BTF
        perl: generated sources
        python3: generated sources
        rsync: headers
        cpio: initramfs and kernel headers
        kmod: depmod
        xz: packed images and modules
        zstd: packed images and modules
        gawk: build scripts
        diffutils: build scripts
        findutils: build scripts
        rpm-build: the rpm-pkg target
        """),
  ]
}
