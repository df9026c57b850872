import Foundation
import HostContract
import PawlModel

@testable import PawlHost

/// A host with one file system that GRUB starts, as Debian 12 sets it up, and openSUSE under other names.
struct GrubFixture: LoaderFixture {
  static let menu = "/boot/grub/grub.cfg"
  static let environment = "/boot/grub/grubenv"

  let ground: LoaderGround
  private let layout: GrubLayout
  var root: HostRoot { ground.root }
  let identity = LiveHost.ownIdentity()
  let running = LoaderGround.running
  let new = LoaderGround.new

  /// `bootIsMount`: /boot is a partition of its own.
  init(bootIsMount: Bool = false, layout: GrubLayout = .upstream) throws {
    ground = try LoaderGround()
    self.layout = layout
    let boot = bootIsMount ? mountLine(2, "/boot", type: "ext4") : ""
    try ground.lay("/proc/self/mountinfo", mountLine(1, "/", type: "ext4") + boot)
    try ground.lay(layout.environment, Self.block([:]))
    try ground.lay("/etc/grub.d/prefix", bootIsMount ? "" : "/boot")
    try ground.addProgram(layout.program("mkconfig"), Self.mkconfig)
    try ground.addProgram(layout.program("editenv"), Self.editenv)
    try ground.addProgram(layout.program("script-check"), "[ $# -eq 1 ] && [ -s \"$1\" ]")
    // The menu of the host before the new kernel's image was there.
    let image = try ground.text("/boot/vmlinuz-\(new)")
    try ground.remove("/boot/vmlinuz-\(new)")
    try makeMenu()
    try ground.lay("/boot/vmlinuz-\(new)", image)
  }

  func makeMenu() throws {
    let argv = [layout.program("mkconfig"), "-o", root.path(layout.menu)]
    try tool(processes: LiveHost()).run(argv)
  }

  static func block(_ values: [String: String]) -> String {
    let lines = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
    let text = "# GRUB Environment Block\n" + lines
    return text + String(repeating: "#", count: 1024 - text.utf8.count)
  }

  func loader(files: any HostFiles) -> any BootLoader {
    GrubLoader(root: root, files: files, layout: layout)
  }
  var loader: GrubLoader { GrubLoader(root: root, files: LiveHost()) }

  func tool(processes: any HostProcesses) -> Tool { ground.tool(processes: processes) }

  func disturb(_ how: LoaderDisturbance) throws {
    let other = "gnulinux-advanced-U>gnulinux-\(running)-advanced-U"
    try ground.disturbGrub(how, menu: layout.menu, other: other, makeMenu: makeMenu)
  }

  /// grub-mkconfig of Debian 12 with GRUB_DEFAULT set to the running kernel's own entry, shortened:
  /// what it makes it writes over the file that it is given.
  private static let mkconfig = """
    [ $# -eq 2 ] && [ "$1" = -o ] || exit 64
    prefix=$(cat "$FIXTURE_ROOT/etc/grub.d/prefix")
    {
      cat <<'HEADER'
    if [ -s $prefix/grubenv ]; then
      set have_grubenv=true
      load_env
    fi
    if [ "${next_entry}" ] ; then
       set default="${next_entry}"
       set next_entry=
       save_env next_entry
       set boot_once=true
    else
       set default="gnulinux-advanced-U>gnulinux-\(LoaderGround.running)-advanced-U"
    fi
    HEADER
      own="$FIXTURE_ROOT/etc/grub.d/09_pawl"
      if [ -x "$own" ]; then
        printf '\\n### BEGIN /etc/grub.d/09_pawl ###\\n'
        "$own"
        echo '### END /etc/grub.d/09_pawl ###'
      fi
      printf '\\n### BEGIN /etc/grub.d/10_linux ###\\n'
      echo "submenu 'Advanced options' --id 'gnulinux-advanced-U' {"
      for image in $(ls "$FIXTURE_ROOT"/boot/vmlinuz-* | sort -rV); do
        release=${image##*/vmlinuz-}
        echo "  menuentry 'Debian, with Linux $release' --id 'gnulinux-$release-advanced-U' {"
        echo "    load_video"
        echo "    search --no-floppy --fs-uuid --set=root U"
        echo "    echo 'Loading Linux $release ...'"
        echo "    linux $prefix/vmlinuz-$release \(LoaderGround.commandLine)"
        echo "    initrd $prefix/initrd.img-$release"
        echo "  }"
      done
      echo "}"
      echo '### END /etc/grub.d/10_linux ###'
    } >"$2"

    """

  /// grub-editenv(1): a block of 1024 bytes.
  static let editenv = """
    [ $# -eq 3 ] || exit 64
    case $2 in
    set) name=${3%%=*} ;;
    unset) name=$3 ;;
    *) exit 64 ;;
    esac
    { echo '# GRUB Environment Block'
      grep -v '^#' "$1" | grep -v "^$name=" || true
      if [ "$2" = set ]; then echo "$3"; fi
    } >"$1.body"
    head -c 1024 /dev/zero | tr '\\0' '#' >>"$1.body"
    head -c 1024 "$1.body" >"$1"
    rm "$1.body"

    """
}

extension LoaderGround {
  /// `other`: the entry of the running release by the distribution; `makeMenu` makes the menu anew.
  func disturbGrub(
    _ how: LoaderDisturbance, menu: String, other: String, makeMenu: () throws -> Void
  ) throws {
    switch how {
    case .fallbackRemoved:
      try remove(GrubFragment.path)
      try makeMenu()
    case .choiceChanged:
      try lay(menu, try text(menu) + "set default=\"\(other)\"\n")
    case .trialChanged:
      try lay(menu, try text(menu).replacingOccurrences(of: "panic=30", with: "panic=0"))
    }
  }
}
