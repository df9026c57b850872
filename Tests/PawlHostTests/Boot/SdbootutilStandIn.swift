import Foundation
import PawlHost

/// openSUSE's sdbootutil on a loader's ground: an entry of the running kernel for the snapshot that is the root,
/// and one for an older snapshot. (openSUSE/sdbootutil: install_kernel, remove_kernel)
enum SdbootutilStandIn {
  static let token = "opensuse-tumbleweed"
  static let snapshot = "8"
  static let subvolume = "@/.snapshots/8/snapshot"
  static let commandLine = LoaderGround.commandLine + " rootflags=subvol=\(subvolume)"

  /// Without `.conf`.
  static func entry(of release: String, snapshot: String = snapshot, prefix: String = "") -> String
  {
    "\(prefix)\(token)-\(release)-\(snapshot)"
  }

  /// - Parameter prefix: of entries that can be written to, where its GRUB orders them by their names.
  static func install(on ground: LoaderGround, loaderType: String, prefix: String = "") throws {
    try ground.lay("/etc/os-release", "ID=opensuse-tumbleweed\nID_LIKE=\"opensuse suse\"\n")
    try ground.lay("/etc/sysconfig/bootloader", "LOADER_TYPE=\"\(loaderType)\"\n")
    try ground.lay("/etc/kernel/cmdline", commandLine + "\n")
    try ground.lay("/etc/entry-prefix", prefix)
    for release in [LoaderGround.running, LoaderGround.new] {
      let text = try ground.text("/boot/initrd.img-\(release)")
      try ground.remove("/boot/initrd.img-\(release)")
      try ground.lay("/boot/initrd-\(release)", text)
      try ground.lay("/usr/lib/modules/\(release)/modules.dep", "")
    }
    let folder = "/boot/efi/\(token)/\(LoaderGround.running)"
    try ground.lay("\(folder)/linux-5ad", "image of \(LoaderGround.running)")
    try ground.lay("\(folder)/initrd-5ad", "initrd of \(LoaderGround.running)")
    for number in [snapshot, "7"] {
      let name = entry(of: LoaderGround.running, snapshot: number, prefix: prefix)
      try ground.lay(
        "/boot/efi/loader/entries/\(name).conf",
        """
        # Boot Loader Specification type#1 entry
        title      openSUSE Tumbleweed
        version    \(number)@\(LoaderGround.running)
        sort-key   opensuse-tumbleweed
        options    \(commandLine.replacingOccurrences(of: "/8/", with: "/\(number)/"))
        linux      /\(token)/\(LoaderGround.running)/linux-5ad
        initrd     /\(token)/\(LoaderGround.running)/initrd-5ad

        """)
    }
    try ground.addProgram("sdbootutil", script)
  }

  /// The commands that Pawl gives, and no others. FIXTURE_TORN leaves a short image.
  private static let script = """
    [ $# -eq 2 ] || exit 1
    boot=$FIXTURE_ROOT/boot/efi
    token=\(token)
    modules=$FIXTURE_ROOT/usr/lib/modules/$2
    prefix=$(cat "$FIXTURE_ROOT/etc/entry-prefix")
    entry=$boot/loader/entries/$prefix$token-$2-\(snapshot).conf
    sum() { set -- $(sha1sum "$1"); echo "$1"; }
    case $1 in
    remove-kernel)
      [ -f "$entry" ] || { echo "Failed to unlink" >&2; exit 1; }
      rm -f "$entry"
      grep -qs "/$2/" "$boot/loader/entries/"*.conf || rm -rf "$boot/$token/$2"
      exit 0 ;;
    add-kernel) ;;
    *) echo "Error: unknown command $1" >&2; exit 1 ;;
    esac
    [ -e "$modules/vmlinuz" ] || { echo "Error: Can't find $modules/vmlinuz" >&2; exit 1; }
    if [ -e "$modules/initrd" ]; then cat "$modules/initrd"; else echo "made by dracut"; fi >"$boot/.made"
    image=/$token/$2/linux-$(sum "$modules/vmlinuz")
    initrd=/$token/$2/initrd-$(sum "$boot/.made")
    mkdir -p "$boot/$token/$2"
    cat "$modules/vmlinuz" >"$boot$image"
    [ -z "${FIXTURE_TORN:-}" ] || printf image >"$boot$image"
    mv "$boot/.made" "$boot$initrd"
    {
      echo "# Boot Loader Specification type#1 entry"
      echo "title      openSUSE Tumbleweed"
      echo "version    \(snapshot)@$2"
      echo "sort-key   opensuse-tumbleweed"
      echo "options    $(cat "$FIXTURE_ROOT/etc/kernel/cmdline")"
      echo "linux      $image"
      echo "initrd     $initrd"
    } >"$entry"

    """
}
