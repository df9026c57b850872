import Testing

@testable import PawlHost

@Suite("Containers and WSL")
struct ContainerTests {
  @Test(
    "every mark of a container is seen, and names its kind",
    arguments: [
      ("/.dockerenv", "", "docker"), ("/run/.containerenv", "engine=\"podman-4.3\"\n", "podman"),
      ("/run/systemd/container", "lxc\n", "lxc"),
      ("/run/host/container-manager", "systemd-nspawn\n", "systemd-nspawn"),
      ("/proc/1/environ", "A=b\0container=oci\0", "oci"), ("/dev/lxd/sock", "", "lxc"),
      ("/proc/1/environ", "KUBERNETES_SERVICE_HOST=10.0.0.1\0", "kubernetes"),
      (
        "/proc/1/mountinfo",
        "1 0 0:1 / / rw - overlay overlay rw,upperdir=/var/lib/containerd/io.containerd.x/fs\n",
        "containerd"
      ),
    ])
  func marks(path: String, contents: String, kind: String) throws {
    let found = ContainerDetection.detect(root: try FakeHost().write(path, contents).root)
    #expect(found.answer == .yes)
    #expect(found.kind == kind)
    #expect(!found.evidence.isEmpty)
  }

  @Test("WSL is not a container, although systemd notes it as one")
  func wslIsNone() throws {
    let host = try FakeHost().write("/run/systemd/container", "wsl\n").folder("/run/systemd/system")
      .write("/proc/1/environ", "container=wsl\0")
    #expect(ContainerDetection.detect(root: host.root).answer == .no)
  }

  @Test("no is said only where the host shows itself")
  func no() throws {
    let seen = try FakeHost().write("/proc/2/comm", "kthreadd\n")
    #expect(ContainerDetection.detect(root: seen.root).answer == .no)
    let environ = try FakeHost().write("/proc/1/environ", "HOME=/\0")
    guard case .unknown = ContainerDetection.detect(root: environ.root).answer else {
      Issue.record("an own process namespace is no proof of a host")
      return
    }
  }

  @Test("below a root, this process's environment says nothing")
  func environment() throws {
    let variables = ["KUBERNETES_SERVICE_HOST": "x", "WSL_DISTRO_NAME": "y"]
    let host = try FakeHost().running("6.1.0")
    let answer = ContainerDetection.detect(root: host.root, environment: variables).answer
    #expect(answer != .yes && answer != .no)
    #expect(WSLDetection.detect(root: host.root, environment: variables).answer == .no)
  }

  @Test(
    "WSL 1, WSL 2 and neither are told apart",
    arguments: [
      ("4.4.0-19041-Microsoft", .wsl1, false), ("6.18.35.2-microsoft-standard-WSL2", .wsl2, false),
      ("6.18.25-locietta-WSL2", .wsl2, true), ("6.1.0-50-cloud-amd64", .no, false),
    ] as [(String, WSLDetection.Answer, Bool)])
  func wsl(release: String, answer: WSLDetection.Answer, custom: Bool) throws {
    let found = WSLDetection.detect(root: try FakeHost().running(release).root)
    #expect(found.answer == answer)
    #expect(found.hasCustomKernel == custom)
  }

  @Test("a custom kernel without a telling name is still WSL by its interop")
  func interop() throws {
    let host = try FakeHost().running("6.6.1-mine")
      .write("/proc/sys/fs/binfmt_misc/WSLInterop", "enabled\n")
    #expect(WSLDetection.detect(root: host.root).version == 2)
    #expect(WSLDetection.detect(root: try FakeHost().root).version == nil)
  }
}

@Suite("The distribution")
struct OperatingSystemTests {
  @Test("quotes and escapes of os-release are read as a shell reads them")
  func quoting() {
    let system = OperatingSystem(
      text: """
        # ID=comment
        NAME='Single \\n'
        PRETTY_NAME="Say \\"hi\\" \\$5"
        ID=odd\r
        ID_LIKE="rhel fedora"
        VERSION_ID=7
        VERSION_ID="8"
        """)
    #expect(system.fields["NAME"] == "Single \\n")
    #expect(system.prettyName == "Say \"hi\" $5")
    #expect(system.id == "odd")
    #expect(system.idLike == ["rhel", "fedora"])
    #expect(system.versionID == "8")
    #expect(system.family == .rhel)
    #expect(OperatingSystem(text: "").family == .unknown)
  }

  @Test(
    "each real system is of its family",
    .enabled(if: SharedData.isHere, "\(SharedData.missing)"))
  func families() {
    let none = ["wolfi", "nixos", "clearlinux_1", "gentoo_218", "photon_3", "slackware_14_2"]
    let prefixes: [(DistributionFamily, [String])] = [
      (.debian, ["debian", "ubuntu", "kali", "linuxmint", "raspbian"]),
      (.rhel, ["fedora", "redhat", "centos", "rocky", "alma", "virtuozzo", "azurelinux"]),
      (.alpine, ["alpine"]), (.arch, ["arch", "manjaro", "steamos"]),
      (.suse, ["opensuse", "sles"]),
      (.unknown, none),
    ]
    let names = SharedData.names("os-release")
    #expect(names.count >= 36)
    for name in names {
      let family = prefixes.first { $0.1.contains(where: name.hasPrefix) }?.0
      let system = OperatingSystem(text: SharedData.text("os-release/\(name)"))
      #expect(system.family == family, "\(name)")
      #expect(!system.prettyName.isEmpty)
    }
  }

  @Test("every known family has packages and a command that asks nothing")
  func dependencies() {
    for family in DistributionFamily.allCases where family != .unknown {
      let needed = BuildDependencies.of(family)
      #expect(needed?.packages.contains { $0.name == "flex" || $0.name == "base-devel" } == true)
      #expect((needed?.installCommand.count ?? 0) > 12)
    }
    #expect(BuildDependencies.of(.unknown) == nil)
    #expect(
      BuildDependencies.of(.debian)?.installCommand(["bc"])
        == ["apt-get", "install", "-y", "--no-install-recommends", "bc"])
  }

  @Test("only packages that dpkg holds as installed are there")
  func dpkg() throws {
    let host = try FakeHost().write(
      "/var/lib/dpkg/status",
      """
      Package: bc
      Status: install ok installed
      Version: 1

      Package: flex
      Status: deinstall ok config-files

      Package: bison
      Status: install ok half-installed

      Package: pahole
      Status: hold ok installed
      Provides: dwarves-virtual (= 1.2), other:any
      """)
    let missing = BuildDependencies.of(.debian)?.missing(root: host.root).value ?? []
    #expect(!missing.contains("bc"))
    #expect(!missing.contains("dwarves"))
    #expect(missing.contains("flex") && missing.contains("bison"))
    let more = BuildDependencies.of(.debian)?.missing(root: host.root, besides: ["bc", "rpm"]).value
    #expect(more == missing + ["rpm"])
    let status = try #require(DpkgStatus.read(root: host.root).value)
    #expect(status.hasInstalled("dwarves-virtual") && status.hasInstalled("other"))
    #expect(BuildDependencies.of(.arch)?.missing(root: host.root).reason == "not there")
  }
}

@Suite("Disks, mounts and the IOMMU")
struct DiskTests {
  private static let mountinfo = """
    21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
    22 21 8:2 / /boot rw - ext4 /dev/sda2 rw
    23 21 0:30 /@home /home ro,nosuid shared:5 master:1 - btrfs /dev/mapper/data rw,subvol=/@home
    24 21 8:3 / /with\\040space rw - xfs /dev/sdb1 rw
    25 21 8:4 / /boot rw - vfat /dev/sdc1 rw
    broken line
    """

  @Test(
    "the longest mount point wins, and of two on one point the last",
    arguments: [
      ("/etc/fstab", "/", "ext4"), ("/boot", "/boot", "vfat"), ("/boot/efi/x", "/boot", "vfat"),
      ("/bootleg", "/", "ext4"), ("/with space/a", "/with space", "xfs"),
      ("/home/u", "/home", "btrfs"),
    ])
  func longest(path: String, point: String, type: String) {
    let mount = MountTable(mountinfo: Self.mountinfo).mount(holding: path)
    #expect(mount?.mountPoint == point)
    #expect(mount?.type == type)
  }

  @Test("a mount is known by the UUID whose link leads to its source")
  func uuid() throws {
    let host = try FakeHost().write("/proc/self/mountinfo", Self.mountinfo)
      .write("/dev/dm-0").write("/dev/sda1").link("/dev/mapper/data", to: "../dm-0")
      .link("/dev/disk/by-uuid/1111", to: "../../dm-0").link(
        "/dev/disk/by-uuid/2222", to: "../../sda1")
    let home = try #require(MountIdentity.of("/home/u", host: host.root).value)
    #expect(home.uuid == "1111" && home.root == "/@home" && home.isReadOnly)
    #expect(MountIdentity.of("/etc", host: host.root).value?.uuid == "2222")
    #expect(MountIdentity.of("/boot", host: host.root).value?.uuid == nil)
  }

  @Test("a path that does not exist yet is measured above")
  func space() throws {
    let host = try FakeHost()
    let space = try #require(DiskSpace.measure("/a/b/c", root: host.root).value)
    #expect(space.path == host.path)
    #expect(space.totalBytes > 0)
    #expect(DiskSpace.measure(host.path + "/none").value?.path == host.path)
  }

  @Test("groups, devices and drivers of the IOMMU are listed; none is not the same as unknown")
  func iommu() throws {
    let host = try FakeHost()
    #expect(IOMMUGroup.list(root: host.root) == .absent)
    try host.folder("/sys/kernel/iommu_groups")
    #expect(IOMMUGroup.list(root: host.root) == .present([]))
    let device = "/sys/devices/pci0000:00/0000:01:00.0"
    try host.write("\(device)/vendor", "0x10de\n").write("\(device)/device", "0x1b80\n")
      .write("\(device)/class", "0x030000\n").link(
        "\(device)/driver", to: "../../../bus/drivers/nvidia"
      )
      .link("/sys/kernel/iommu_groups/10/devices/0000:01:00.0", to: device)
      .folder("/sys/kernel/iommu_groups/2/devices")
    let groups = IOMMUGroup.list(root: host.root).value ?? []
    #expect(groups.map(\.group) == [2, 10])
    #expect(
      groups.last?.devices == [
        .init(
          address: "0000:01:00.0", vendor: "0x10de", device: "0x1b80", deviceClass: "0x030000",
          driver: "nvidia")
      ])
  }
}
