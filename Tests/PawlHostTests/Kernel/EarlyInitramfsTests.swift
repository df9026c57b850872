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

  /// mkinitfs(1): -c CONFIGFILE, which is read as a script; -P FEATURESDIR goes before the host's own.
  @Test("mkinitfs is given a feature for the module; what it would take from the host lies behind")
  func mkinitfs() throws {
    try layMkinitfs(init: "if [ -f /etc/modules ] ; then\n")
    try make(
      "alpine", "mkinitfs",
      """
      [ "$1" = -c ] && [ "$3" = -P ] && [ "$5" = -o ] && [ $# -eq 7 ]
      sed "s|/etc/mkinitfs/|$FIXTURE_ROOT/etc/mkinitfs/|" "$2" >"$2.here"
      . "$2.here"
      { echo "070701 $features"; cat "$4/pawl-vfio-pci.modules"; } >"$6"

      """)
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: ground.root.path(place))))
    let made = "070701 base pawl-vfio-pci\nkernel/drivers/vfio/pci/vfio-pci.ko*\n"
    #expect(bytes.starts(with: made.utf8))
    let behind = (made.utf8.count + 3) / 4 * 4
    #expect(bytes[made.utf8.count..<behind].allSatisfy { $0 == 0 })
    let found = Self.unpacked(Array(bytes[behind...]))
    #expect(found["etc/modules"] == "af_packet\nvfio-pci\n")
    #expect(
      found["etc/modprobe.d/pawl-vfio-pci.conf"]?.contains("options vfio-pci ids=10de:2204") == true
    )
    #expect(try ground.text("/etc/modules") == "af_packet\n")
    #expect(try ground.text("/etc/mkinitfs/mkinitfs.conf") == "features=\"base\"\n")
  }

  @Test("where the initramfs of Alpine loads no module by name, or has none, it is refused")
  func mkinitfsRefuses() throws {
    try layMkinitfs(init: "modprobe ext4\n")
    let fault = #expect(throws: PawlError.self) { try make("alpine", "mkinitfs", "exit 1\n") }
    #expect(fault?.message.contains("/etc/modules") == true)
    try layMkinitfs(init: "cat /etc/modules\n")
    try ground.lay("/lib/modules/\(LoaderGround.running)/modules.dep", "")
    let other = #expect(throws: PawlError.self) { try make("alpine", "mkinitfs", "exit 1\n") }
    #expect(other?.message.contains("no module in a file of its own") == true)
    #expect(ground.record.isEmpty)
  }

  /// `newc`, as buffer-format.rst of the kernel has it: eight hexadecimal digits a field.
  private static func unpacked(_ archive: [UInt8]) -> [String: String] {
    var found: [String: String] = [:]
    var at = 0
    while at + 110 <= archive.count {
      func field(_ index: Int) -> Int {
        let start = at + 6 + 8 * index
        return Int(String(decoding: archive[start..<(start + 8)], as: UTF8.self), radix: 16) ?? 0
      }
      let (size, nameSize) = (field(6), field(11))
      let name = String(decoding: archive[(at + 110)..<(at + 109 + nameSize)], as: UTF8.self)
      let content = (at + 110 + nameSize + 3) / 4 * 4
      found[name] = String(decoding: archive[content..<(content + size)], as: UTF8.self)
      at = (content + size + 3) / 4 * 4
    }
    return found
  }

  private func layMkinitfs(init text: String) throws {
    try ground.lay("/sbin/mkinitfs", "")
    try ground.lay("/usr/share/mkinitfs/initramfs-init", text)
    try ground.lay("/etc/mkinitfs/mkinitfs.conf", "features=\"base\"\n")
    try ground.lay("/etc/modules", "af_packet\n")
    try ground.lay(
      "/lib/modules/\(LoaderGround.running)/modules.dep",
      "kernel/drivers/vfio/pci/vfio-pci.ko.gz:\n")
  }

  @Test("a program that cannot be asked for one is refused before it is run")
  func refuses() throws {
    try ground.lay("/usr/bin/booster", "")
    let fault = #expect(throws: PawlError.self) { try make("void", "booster", "exit 1\n") }
    #expect(fault?.code == .refused)
    #expect(ground.record.isEmpty)
  }
}
