import Foundation
import HostContract
import PawlModel

@testable import PawlHost

/// A host with one file system that GRUB starts, as Debian 12 sets it up, and others under other names.
struct GrubFixture: LoaderFixture {
  static let menu = "/boot/grub/grub.cfg"
  static let environment = "/boot/grub/grubenv"

  /// A distribution, in what it calls GRUB's programs and a kernel's files.
  struct Distribution: Sendable {
    var id: String
    var layout = GrubLayout.upstream
    var initramfs: @Sendable (String) -> String
    /// What the running kernel's files are named by; nil: its release.
    var package: String?
    /// The file that says so, for a release.
    var packageFile: @Sendable (String) -> String = { "/usr/lib/modules/\($0)/pkgbase" }

    static let debian = Distribution(id: "debian", initramfs: { "/boot/initrd.img-\($0)" })
    static let suse = Distribution(
      id: "opensuse-leap", layout: .renamed, initramfs: { "/boot/initrd-\($0)" })
    static let arch = Distribution(
      id: "arch", initramfs: { "/boot/initramfs-\($0).img" }, package: "linux")
    static let alpine = Distribution(
      id: "alpine", initramfs: { "/boot/initramfs-\($0)" }, package: "lts",
      packageFile: { _ in "/usr/share/kernel/lts/kernel.release" })
  }

  let ground: LoaderGround
  private let layout: GrubLayout
  private let kernel: String
  var root: HostRoot { ground.root }
  let identity = LiveHost.ownIdentity()
  let running = LoaderGround.running
  let new = LoaderGround.new

  /// `bootIsMount`: /boot is a partition of its own.
  init(bootIsMount: Bool = false, of distribution: Distribution = .debian) throws {
    ground = try LoaderGround()
    layout = distribution.layout
    kernel = distribution.package ?? LoaderGround.running
    try Self.rename(distribution, on: ground)
    let boot = bootIsMount ? mountLine(2, "/boot", type: "ext4") : ""
    try ground.lay("/proc/self/mountinfo", mountLine(1, "/", type: "ext4") + boot)
    try ground.lay(layout.environment, Self.block([:]))
    try ground.lay("/etc/grub.d/prefix", bootIsMount ? "" : "/boot")
    try ground.lay("/etc/grub.d/kernel", kernel)
    try ground.addProgram(layout.program("mkconfig"), Self.mkconfig)
    try ground.addProgram(layout.program("editenv"), Self.editenv)
    try ground.addProgram(layout.program("script-check"), "[ $# -eq 1 ] && [ -s \"$1\" ]")
    // The menu of the host before the new kernel's image was there.
    let image = try ground.text("/boot/vmlinuz-\(new)")
    try ground.remove("/boot/vmlinuz-\(new)")
    try makeMenu()
    try ground.lay("/boot/vmlinuz-\(new)", image)
  }

  /// Kernels as the distribution names their files.
  private static func rename(_ distribution: Distribution, on ground: LoaderGround) throws {
    try ground.lay("/etc/os-release", "ID=\(distribution.id)\n")
    for release in [LoaderGround.running, LoaderGround.new] {
      let package = release == LoaderGround.running ? distribution.package : nil
      try ground.remove("/boot/initrd.img-\(release)")
      try ground.lay(distribution.initramfs(package ?? release), "initrd of \(release)")
      guard let package else { continue }
      try ground.remove("/boot/vmlinuz-\(release)")
      try ground.lay("/boot/vmlinuz-\(package)", "image of \(release)")
      let file = distribution.packageFile(release)
      try ground.lay(file, (file.hasSuffix("pkgbase") ? package : release) + "\n")
    }
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
    let other = "gnulinux-advanced-U>gnulinux-\(kernel)-advanced-U"
    try ground.disturbGrub(how, menu: layout.menu, other: other, makeMenu: makeMenu)
  }

  /// grub-mkconfig of Debian 12 with GRUB_DEFAULT set to the running kernel's own entry, shortened:
  /// what it makes it writes over the file that it is given.
  private static let mkconfig = """
    [ $# -eq 2 ] && [ "$1" = -o ] || exit 64
    prefix=$(cat "$FIXTURE_ROOT/etc/grub.d/prefix")
    kernel=$(cat "$FIXTURE_ROOT/etc/grub.d/kernel")
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
    HEADER
      echo "   set default='gnulinux-advanced-U>gnulinux-$kernel-advanced-U'"
      echo fi
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
        for initrd in "initrd.img-$release" "initrd-$release" "initramfs-$release.img" "initramfs-$release"; do
          [ ! -e "$FIXTURE_ROOT/boot/$initrd" ] || echo "    initrd $prefix/$initrd"
        done
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
