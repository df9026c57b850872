import Foundation
import HostContract
import PawlHost
import PawlModel

/// A host with one file system, its extlinux set up by hand as on Debian 12, or by the generator of Alpine.
struct ExtlinuxFixture: LoaderFixture {
  static let config = "/boot/extlinux/extlinux.conf"

  let ground: LoaderGround
  var root: HostRoot { ground.root }
  let identity = LiveHost.ownIdentity()
  let running = LoaderGround.running
  let new = LoaderGround.new

  private let style: Style

  enum Style { case debian, alpine }

  init(_ config: String = Self.usual) throws {
    try self.init(.debian)
    try ground.lay(Self.config, config)
    try ground.lay("/proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz-\(running) ro\n")
    try layLoader(Self.emptyADV + Self.emptyADV)
  }

  init(_ style: Style) throws {
    ground = try LoaderGround()
    self.style = style
    try ground.lay("/proc/self/mountinfo", mountLine(1, "/", type: "ext4"))
    try ground.addProgram("extlinux", Self.extlinux)
    if style == .alpine { try UpdateExtlinuxStandIn.install(on: ground) }
  }

  /// `ldlinux.sys` with this at its end.
  func layLoader(_ auxiliaryData: [UInt8]) throws {
    try ground.lay("/boot/extlinux/ldlinux.sys", Self.loader(auxiliaryData))
  }

  static func loader(_ auxiliaryData: [UInt8]) -> [UInt8] {
    [UInt8](repeating: 0x90, count: 3000) + auxiliaryData
  }

  static let usual = """
    default \(LoaderGround.running)
    timeout 10
    prompt 0
    serial 0 115200

    label \(LoaderGround.running)
      kernel /boot/vmlinuz-\(LoaderGround.running)
      initrd /boot/initrd.img-\(LoaderGround.running)
      append \(LoaderGround.commandLine)

    """

  /// As `extlinux --reset-adv` leaves it.
  static let emptyADV: [UInt8] =
    [0xa5, 0x2f, 0x2d, 0x5a, 0x67, 0x17, 0x04, 0xa3] + [UInt8](repeating: 0, count: 500)
    + [0x64, 0xbf, 0x28, 0xdd]

  func loader(files: any HostFiles) -> any BootLoader {
    Extlinux(root: root, files: files, identity: identity)
  }

  var loader: Extlinux { Extlinux(root: root, files: LiveHost(), identity: identity) }

  func tool(processes: any HostProcesses) -> Tool { ground.tool(processes: processes) }

  func disturb(_ how: LoaderDisturbance) throws {
    switch style {
    case .debian: try disturb(how, Self.config)
    case .alpine: try UpdateExtlinuxStandIn.disturb(how, ground)
    }
  }

  private func disturb(_ how: LoaderDisturbance, _ config: String) throws {
    let text = try ground.text(config)
    switch how {
    // Written anew by whoever wrote it first, the new kernel's entry with it.
    case .fallbackRemoved:
      try ground.lay(
        Self.config,
        Self.usual + """
          label \(new)
            kernel /boot/vmlinuz-\(new)
            initrd /boot/initrd.img-\(new)
            append \(LoaderGround.commandLine)

          """)
    case .choiceChanged: try ground.lay(Self.config, text + "default \(running)\n")
    case .trialChanged:
      try ground.lay(Self.config, text.replacingOccurrences(of: "panic=30", with: "panic=0"))
    }
  }

  /// extlinux(1) of 6.04: the vector is written anew with what is to be started once.
  private static let extlinux = """
    [ $# -eq 2 ] || exit 64
    case $1 in
    --once=*) once=${1#--once=} ;;
    --clear-once) once= ;;
    *) exit 64 ;;
    esac
    loader=$2/ldlinux.sys
    [ -f "$loader" ] || exit 1
    le32() {
      for shift in 0 8 16 24; do printf "\\\\$(printf %03o $(($1 >> shift & 255)))"; done
    }
    body=$loader.body
    {
      if [ -n "$once" ]; then printf "\\\\001\\\\$(printf %03o ${#once})%s" "$once"; fi
      head -c 500 /dev/zero
    } | head -c 500 >"$body"
    sum=$((0xa3041767))
    for word in $(od -An -v -tu4 "$body"); do sum=$(((sum - word) & 0xffffffff)); done
    { le32 $((0x5a2d2fa5)); le32 $sum; cat "$body"; le32 $((0xdd28bf64)); } >"$loader.adv"
    head -c $(($(wc -c <"$loader") - 1024)) "$loader" >"$loader.new"
    cat "$loader.adv" "$loader.adv" >>"$loader.new"
    cat "$loader.new" >"$loader"
    rm "$body" "$loader.adv" "$loader.new"

    """
}
