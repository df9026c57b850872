import Foundation
import HostContract
import PawlModel

@testable import PawlHost

/// A host that GRUB of Fedora 42 starts: its menu reads the entries of kernels from files, and its programs
/// are called grub2-…
struct GrubSnippetsFixture: LoaderFixture {
  static let menu = "/boot/grub2/grub.cfg"
  static let environment = "/boot/grub2/grubenv"
  static let machine = "b0075d1ab0075d1ab0075d1ab0075d1a"

  let ground: LoaderGround
  var root: HostRoot { ground.root }
  let identity = LiveHost.ownIdentity()
  let running = LoaderGround.running
  let new = LoaderGround.new

  init() throws {
    ground = try LoaderGround()
    try ground.lay(
      "/proc/self/mountinfo",
      mountLine(1, "/", type: "btrfs") + mountLine(2, "/boot", type: "ext4"))
    for release in [running, new] {
      try ground.lay("/boot/initramfs-\(release).img", "initrd of \(release)")
    }
    try ground.lay("/etc/grub.d/10_linux", "")
    try ground.lay("/etc/kernel/cmdline", LoaderGround.commandLine + "\n")
    try ground.lay(
      Self.environment, GrubFixture.block(["saved_entry": "\(Self.machine)-\(running)"]))
    try ground.addProgram("grub2-mkconfig", Self.mkconfig)
    try ground.addProgram("grub2-editenv", GrubFixture.editenv)
    try ground.addProgram("grub2-script-check", "[ $# -eq 1 ] && [ -s \"$1\" ]")
    try ground.addProgram("kernel-install", Self.kernelInstall)
    try layEntry(running)
    try layEntry("0-rescue", image: "0-rescue-\(Self.machine)")
    try makeMenu()
  }

  static func path(of release: String) -> String {
    "\(GrubSnippets.folder)/\(machine)-\(release).conf"
  }

  /// As 20-grub.install writes it.
  func layEntry(_ version: String, image: String? = nil) throws {
    let name = image ?? version
    try ground.lay(
      Self.path(of: version),
      """
      title Fedora Linux (\(version)) 42 (Server Edition)
      version \(version)
      linux /vmlinuz-\(name)
      initrd /initramfs-\(name).img
      options \(LoaderGround.commandLine)
      grub_users $grub_users
      grub_arg --unrestricted
      grub_class fedora

      """)
  }

  func makeMenu() throws {
    try tool(processes: LiveHost()).run(["grub2-mkconfig", "-o", root.path(Self.menu)])
  }

  func loader(files: any HostFiles) -> any BootLoader {
    GrubLoader(root: root, files: files, layout: .renamed)
  }

  func tool(processes: any HostProcesses) -> Tool { ground.tool(processes: processes) }

  func disturb(_ how: LoaderDisturbance) throws {
    let other = "\(Self.machine)-\(running)"
    try ground.disturbGrub(how, menu: Self.menu, other: other, makeMenu: makeMenu)
  }

  /// grub2-mkconfig of Fedora 42, shortened to what decides what is started.
  private static let mkconfig = """
    [ $# -eq 2 ] && [ "$1" = -o ] || exit 64
    {
      cat <<'HEADER'
    ### BEGIN /etc/grub.d/00_header ###
    if [ -s $prefix/grubenv ]; then
      load_env
    fi
    if [ "${next_entry}" ] ; then
       set default="${next_entry}"
       set next_entry=
       save_env next_entry
       set boot_once=true
    else
       set default="${saved_entry}"
    fi
    ### END /etc/grub.d/00_header ###

    ### BEGIN /etc/grub.d/08_fallback_counting ###
    if [ "${boot_counter}" = "0" -o "${boot_counter}" = "-1" ]; then
      set default=1
    fi
    ### END /etc/grub.d/08_fallback_counting ###
    HEADER
      own="$FIXTURE_ROOT/etc/grub.d/09_pawl"
      if [ -x "$own" ]; then
        printf '\\n### BEGIN /etc/grub.d/09_pawl ###\\n'
        "$own"
        echo '### END /etc/grub.d/09_pawl ###'
      fi
      cat <<'KERNELS'

    ### BEGIN /etc/grub.d/10_linux ###
    insmod ext2
    search --no-floppy --fs-uuid --set=root U
    insmod blscfg
    blscfg
    ### END /etc/grub.d/10_linux ###
    KERNELS
    } >"$2"

    """

  /// kernel-install(8) with 20-grub.install of Fedora, for an image that is in /boot already: nothing is
  /// copied. FIXTURE_DEFAULT is GRUB_UPDATE_DEFAULT_KERNEL=true; whatever else it is asked is an error.
  private static let kernelInstall = """
    [ $# -eq 3 ] && [ "$1" = add ] && [ -s "$3" ] || exit 64
    [ "$3" = "$FIXTURE_ROOT/boot/vmlinuz-$2" ] || exit 64
    id="\(machine)-$2"
    {
      echo "title Fedora Linux ($2) 42 (Server Edition)"
      echo "version $2"
      echo "linux /vmlinuz-$2"
      echo "initrd /initramfs-$2.img"
      echo "options $(cat "$FIXTURE_ROOT/etc/kernel/cmdline")"
      printf '%s\\n' 'grub_users $grub_users' 'grub_arg --unrestricted' 'grub_class fedora'
    } >"$FIXTURE_ROOT/boot/loader/entries/$id.conf"
    grub2-editenv "$FIXTURE_ROOT/boot/grub2/grubenv" set "saved_entry=$id"

    """
}
