import PawlModel
import Testing

@testable import PawlHost

@Suite("A host's health is read from its own files")
struct HealthReaderTests {
  private let systemctl = [
    "systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--no-pager",
  ]

  private func health(_ host: FakeHost, _ programs: CannedPrograms = CannedPrograms())
    -> HealthState
  {
    HealthReader(root: host.root, tool: programs.tool).read()
  }

  @Test("systemd names its failed units, once each and sorted")
  func systemd() throws {
    let host = try FakeHost().folder("/run/systemd/system")
    let programs = CannedPrograms(answers: [
      systemctl: (
        0,
        "nginx.service loaded failed failed A web server\n● a.mount not-found failed failed A\n"
          + "Warning: the unit file changed on disk\n"
      )
    ])
    #expect(health(host, programs).failedUnits == ["a.mount", "nginx.service"])
    #expect(health(host, CannedPrograms(answers: [systemctl: (0, "")])).failedUnits == [])
  }

  @Test("failed units are unknown, not none, where systemctl does not answer or nothing runs")
  func unknownUnits() throws {
    let host = try FakeHost().folder("/run/systemd/system")
    #expect(health(host).failedUnits == nil)
    #expect(health(host, CannedPrograms(answers: [systemctl: (1, "x")])).failedUnits == nil)
    #expect(health(try FakeHost()).failedUnits == nil)
  }

  @Test("OpenRC names what crashed and what did not start; its status 1 means none crashed")
  func openRC() throws {
    let host = try FakeHost().folder("/run/openrc").write("/run/openrc/failed/chronyd")
    let crashed = CannedPrograms(answers: [["rc-status", "--crashed"]: (0, "sshd\n")])
    let none = CannedPrograms(answers: [["rc-status", "--crashed"]: (1, "")])
    #expect(health(host, crashed).failedUnits == ["chronyd", "sshd"])
    #expect(health(host, none).failedUnits == ["chronyd"])
  }

  private let mounts = """
    22 27 0:21 / /proc rw - proc proc rw
    27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
    28 27 254:1 / /boot rw - ext4 /dev/vdb rw
    29 27 0:40 / /srv/my\\040data rw - nfs4 box:/d rw
    30 27 0:41 / /run/user/0 rw - tmpfs tmpfs rw
    31 27 0:42 / /efi rw - autofs systemd-1 rw
    32 31 254:2 / /efi rw - vfat /dev/vdc rw
    33 27 0:43 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
    34 27 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro
    35 27 0:44 / /pool rw - zfs tank/pool rw

    """

  @Test("mounts of data are listed; the kernel's own, containers' and automatic ones are not")
  func realMounts() throws {
    let host = try FakeHost().write("/proc/self/mountinfo", mounts)
    #expect(health(host).mounts == ["/", "/boot", "/pool", "/srv/my data"])
    #expect(health(host).rootIsWritable)
  }

  @Test(
    "a root that is mounted read-only, or that ext4 stopped writing, is not writable",
    arguments: [
      "ro,relatime - ext4 /dev/vda rw", "rw - ext4 /dev/vda ro", "rw - ext4 /d rw,emergency_ro",
    ])
  func readOnly(rest: String) throws {
    let host = try FakeHost().write("/proc/self/mountinfo", "27 1 254:0 / / \(rest)\n")
    #expect(!health(host).rootIsWritable)
  }

  @Test("default routes of both families give their devices; rejecting ones do not")
  func routes() throws {
    let zeros = String(repeating: "0", count: 32)
    let host = try FakeHost()
      .write(
        "/proc/net/route",
        """
        Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
        eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0
        down\t00000000\t00000000\t0002\t0\t0\t0\t00000000\t0\t0\t0

        """
      )
      .write(
        "/proc/net/ipv6_route",
        """
        \(zeros) 00 \(zeros) 00 fd000000000000000000000000000001 00000400 3 0 00000003     wlan0
        \(zeros) 00 \(zeros) 00 \(zeros) ffffffff 00000001 00000000 00200200       lo
        \(zeros) 00 \(zeros) 00 \(zeros) ffffffff 00000001 00000000 00200201     dead0
        fe8\(zeros.dropFirst(3)) 40 \(zeros) 00 \(zeros) 100 2 0 00000001     eth9

        """)
    #expect(health(host).defaultRoutes == ["eth0", "wlan0"])
    #expect(health(try FakeHost()).defaultRoutes == [])
  }

  @Test("modules asked for at boot: stronger folders hide, /dev/null masks, comments are none")
  func wanted() throws {
    let host = try FakeHost()
      .write("/etc/modules", "# comment\nloop max_loop=8\n\n  ; other\n")
      .write("/etc/modules-load.d/a.conf", "br-netfilter\n; no\n#no\n")
      .write("/run/modules-load.d/a.conf", "hidden\n")
      .write("/usr/lib/modules-load.d/b.conf", "masked\n")
      .link("/etc/modules-load.d/b.conf", to: "/dev/null")
      .write("/usr/local/lib/modules-load.d/c.conf", "wireguard\n")
      .write("/usr/lib/modules-load.d/c.conf", "hidden\n")
      .write("/usr/lib/modules-load.d/d.txt", "ignored\n")
      .write("/proc/cmdline", "ro modules_load=vfio-pci,kvm\n")
    #expect(
      health(host).wantedModules == ["br_netfilter", "kvm", "loop", "vfio_pci", "wireguard"])
  }

  @Test("DKMS modules count where they are installed for the running kernel")
  func dkms() throws {
    let host = try FakeHost().running("6.6.1")
      .write("/var/lib/dkms/nvidia/535.1/6.6.1/x86_64/module/nvidia-uvm.ko.xz")
      .write("/var/lib/dkms/zfs/2.1/6.6.1/x86_64/module/zfs.ko")
      .write("/var/lib/dkms/r8168/1/6.1.0/x86_64/module/r8168.ko")
      .write("/var/lib/dkms/weak/1/6.1.0/x86_64/module/weak.ko")
      .link("/var/lib/dkms/zfs/kernel-6.6.1-x86_64", to: "2.1/6.6.1/x86_64")
      .write("/lib/modules/6.6.1/updates/dkms/nvidia-uvm.ko.xz")
      .write("/lib/modules/6.6.1/extra/weak/weak.ko")
      .write("/lib/modules/6.6.1/kernel/fs/zfs.ko")
      .link("/lib/modules/6.6.1/updates/r8168.ko", to: "/lib/modules/gone/r8168.ko")
    #expect(health(host).dkmsModules == ["nvidia_uvm", "weak"])
    #expect(health(try FakeHost().running("6.6.1")).dkmsModules == [])
    #expect(health(try FakeHost()).dkmsModules == nil)
  }

  @Test("loaded modules, taint and the modules inside an image are read")
  func kernel() throws {
    let host = try FakeHost().running("6.6.1").write("/proc/sys/kernel/tainted", "4224\n")
      .write("/proc/modules", "overlay 1 0 - Live 0x0\nbtrfs 1 0 - Live 0x0\n")
      .write("/usr/lib/modules/6.6.1/modules.builtin", "kernel/net/br-netfilter.ko\n")
    #expect(health(host).modules == ["btrfs", "overlay"])
    #expect(health(host).taint == 4224)
    #expect(
      HealthReader.builtInModules(release: "6.6.1", root: host.root) == ["br_netfilter"])
    #expect(HealthReader.builtInModules(release: "6.7", root: host.root) == nil)
  }

  @Test("this machine's own health compares with itself without a finding")
  func live() {
    let reader = HealthReader(root: .live, tool: nil)
    let health = reader.read()
    let comparison = HealthComparison(
      before: health, after: health, builtIn: Set(health.wantedModules))
    #expect(health.mounts.contains("/") || !health.mounts.contains("/proc"))
    #expect(comparison.findings.filter { $0.subject != .root } == [])
  }
}
