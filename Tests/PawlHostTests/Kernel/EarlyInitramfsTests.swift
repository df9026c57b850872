import Foundation
import HostContract
import PawlModel
import Testing

@testable import PawlHost

@Suite("An initramfs in which a module comes first is made beside the one in use")
struct EarlyInitramfsTests {
  private let ground: LoaderGround
  private let folder: TemporaryFolder
  private let place = "/boot/pawl/vfio-\(LoaderGround.running).img"

  init() throws {
    ground = try LoaderGround()
    folder = try TemporaryFolder()
  }

  private func make(_ family: String, _ tool: String, _ script: String) throws {
    try ground.lay("/etc/os-release", "ID=\(family)\n")
    try ground.addProgram(tool, script)
    let devices = PassthroughDevices(
      devices: [
        IOMMUGroup.Device(
          address: "0000:01:00.0", vendor: "0x10de", device: "0x2204", deviceClass: "0x030000",
          driver: nil)
      ], rivals: ["nouveau"])
    try EarlyInitramfs(
      root: ground.root, release: LoaderGround.running, module: devices.module,
      folder: PrivateFolder(path: folder("own"))
    ).make(place, with: ground.tool(processes: LiveHost()), files: LiveHost())
  }

  /// dracut(8): --force-drivers LIST, --include SOURCE TARGET, then the image and the kernel.
  @Test("dracut is given the module, and the options as a file inside")
  func dracut() throws {
    try make(
      "fedora", "dracut",
      """
      [ "$1" = --force-drivers ] && [ "$3" = --include ] && [ "$6" = --force ] && [ $# -eq 8 ]
      { echo "070701 $2 $5"; cat "$4"; } >"$7"

      """)
    #expect(
      try ground.text(place) == """
        070701 vfio-pci /etc/modprobe.d/pawl-vfio-pci.conf
        # Pawl: for guests, 0000:01:00.0
        options vfio-pci ids=10de:2204
        softdep nouveau pre: vfio-pci

        """)
  }

  /// mkinitramfs(8): -d CONFDIR; initramfs-tools(7): hooks of CONFDIR are run with DESTDIR set.
  @Test("mkinitramfs is given a copy of the host's configuration, and the host's own is as it was")
  func initramfsTools() throws {
    try ground.lay("/usr/sbin/update-initramfs", "")
    try ground.lay("/etc/initramfs-tools/modules", "loop\n")
    try make(
      "debian", "mkinitramfs",
      """
      [ "$1" = -d ] && [ "$3" = -o ] && [ $# -eq 5 ]
      export DESTDIR="$FIXTURE_ROOT/inside"
      for hook in "$2"/hooks/*; do [ -z "$("$hook" prereqs)" ]; "$hook"; done
      { echo 070701; cat "$2/modules" "$DESTDIR/etc/modprobe.d/pawl-vfio-pci.conf"; } >"$4"

      """)
    #expect(
      try ground.text(place) == """
        070701
        loop

        vfio-pci
        # Pawl: for guests, 0000:01:00.0
        options vfio-pci ids=10de:2204
        softdep nouveau pre: vfio-pci

        """)
    #expect(try ground.text("/etc/initramfs-tools/modules") == "loop\n")
  }

  @Test("mkinitcpio is given the host's configuration with the module first, and the options")
  func mkinitcpio() throws {
    try make("arch", "mkinitcpio", MkinitcpioStandIn.script + MkinitcpioStandIn.added)
    #expect(
      try ground.text(place) == """
        070701 for \(LoaderGround.running), hooks: pawl-return pawl-early
        \(MkinitcpioHooks.returnScript)MODULES=(vfio-pci ${MODULES[@]})
        /etc/modprobe.d/pawl-vfio-pci.conf
        # Pawl: for guests, 0000:01:00.0
        options vfio-pci ids=10de:2204
        softdep nouveau pre: vfio-pci

        """)
  }

  @Test(
    "where mkinitcpio would make the next image otherwise, it is refused",
    arguments: [
      (nil, "HOOKS=(base modconf)", "", "no such folder"),
      ("", "HOOKS=(base udev)", "", "has no modconf"),
      ("HOOKS+=(modconf)", "HOOKS=(base udev)", "ALL_config=/etc/mkinitcpio.conf", "linux.preset"),
      ("HOOKS+=(modconf)", "HOOKS=(base udev)", "#ALL_config=/etc/mkinitcpio.conf", ""),
      ("", "# HOOKS=(x)\nHOOKS=\"base modconf\"", "", ""),
    ] as [(String?, String, String, String)])
  func dropIns(_ dropIn: String?, _ main: String, _ preset: String, _ word: String) throws {
    try ground.lay("/etc/mkinitcpio.conf", main + "\n")
    try ground.lay("/etc/mkinitcpio.d/linux.preset", preset + "\n")
    if let dropIn { try ground.lay("/etc/mkinitcpio.conf.d/x.conf", dropIn + "\n") }
    let fault = refusal {
      try MkinitcpioConfiguration(root: ground.root).requireDropIns(withOptions: true)
    }
    #expect(word.isEmpty ? fault == nil : fault?.message.contains(word) == true)
  }

  @Test("a program that cannot be asked for one is refused before it is run")
  func refuses() throws {
    try ground.lay("/sbin/mkinitfs", "")
    let fault = #expect(throws: PawlError.self) { try make("alpine", "mkinitfs", "exit 1\n") }
    #expect(fault?.code == .refused)
    #expect(ground.record.isEmpty)
  }
}
