import Foundation
import HostContract
import PawlHost

/// Alpine's extlinux on a loader's ground: a kernel by the name of its flavour, and the menu that its generator
/// makes of what lies in /boot.
enum UpdateExtlinuxStandIn {
  static let config = "/boot/extlinux.conf"
  static let fragment = "/etc/update-extlinux.d/pawl"

  static func install(on ground: LoaderGround) throws {
    for release in [LoaderGround.running, LoaderGround.new] {
      let name = release == LoaderGround.running ? "lts" : release
      for (before, after) in [("vmlinuz-", "vmlinuz-"), ("initrd.img-", "initramfs-")] {
        let text = try ground.text("/boot/\(before)\(release)")
        try ground.remove("/boot/\(before)\(release)")
        try ground.lay("/boot/\(after)\(name)", text)
      }
    }
    let empty = ExtlinuxFixture.emptyADV
    try ground.lay("/boot/ldlinux.sys", ExtlinuxFixture.loader(empty + empty))
    try ground.lay("/proc/cmdline", "BOOT_IMAGE=vmlinuz-lts root=UUID=5ca1ab1e quiet\n")
    try ground.lay("/etc/os-release", "ID=alpine\n")
    try ground.lay("/usr/share/kernel/lts/kernel.release", LoaderGround.running + "\n")
    try ground.lay("/etc/update-extlinux.conf", "default=lts\noverwrite=1\n")
    try ground.addProgram("update-extlinux", script)
    try ground.lay("/sbin/update-extlinux", "")
    try ground.lay(config, menu([lts]))
  }

  private static let lts = entry("lts", "lts") + "  MENU DEFAULT\n"

  private static func entry(_ label: String, _ name: String) -> String {
    "LABEL \(label)\n  LINUX vmlinuz-\(name)\n  INITRD initramfs-\(name)\n"
      + "  APPEND root=UUID=5ca1ab1e modules=ext4 quiet\n"
  }

  private static func menu(_ entries: [String]) -> String {
    "DEFAULT menu.c32\nPROMPT 0\nTIMEOUT 10\n" + entries.joined()
  }

  static func disturb(_ how: LoaderDisturbance, _ ground: LoaderGround) throws {
    let text = try ground.text(config)
    switch how {
    // Somebody took Pawl's file away, and a package had the menu made anew.
    case .fallbackRemoved:
      try ground.remove(fragment)
      try ground.lay(config, menu([entry("0", LoaderGround.new), lts]))
    case .choiceChanged: try ground.lay(config, text + "default lts\n")
    case .trialChanged:
      try ground.lay(config, text.replacingOccurrences(of: "panic=30", with: "panic=0"))
    }
  }

  /// update-extlinux of Alpine 3.20, as far as it decides which entries there are.
  private static let script = """
    [ $# -eq 0 ] || exit 64
    . "$FIXTURE_ROOT/etc/update-extlinux.conf"
    boot=$FIXTURE_ROOT/boot
    { echo "DEFAULT menu.c32"; echo "PROMPT 0"; echo "TIMEOUT 10"; } >"$boot/extlinux.conf.new"
    count=0
    for kernel in $(find "$boot" -name "vmlinuz-*" -type f | sort); do
      tag=${kernel##*/vmlinuz-}
      label=$count
      ! grep -qsw "$tag" "$FIXTURE_ROOT/usr/share/kernel/lts/kernel.release" && [ "$tag" != lts ] || label=lts
      echo "LABEL $label"
      [ "$label" != "$default" ] || echo "  MENU DEFAULT"
      echo "  LINUX vmlinuz-$tag"
      [ ! -f "$boot/initramfs-$tag" ] || echo "  INITRD initramfs-$tag"
      echo "  APPEND root=UUID=5ca1ab1e modules=ext4 quiet"
      echo
      count=$((count + 1))
    done >>"$boot/extlinux.conf.new"
    for entry in "$FIXTURE_ROOT/etc/update-extlinux.d/"*; do
      [ ! -f "$entry" ] || { cat "$entry"; echo; } >>"$boot/extlinux.conf.new"
    done
    echo "MENU SEPARATOR" >>"$boot/extlinux.conf.new"
    [ "$overwrite" = 1 ] || exit 0
    mv "$boot/extlinux.conf" "$boot/extlinux.conf.old"
    mv "$boot/extlinux.conf.new" "$boot/extlinux.conf"

    """
}
