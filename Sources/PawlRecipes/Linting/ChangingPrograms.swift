/// Which programs change files under /boot, /etc or /lib/modules, and with which arguments.
enum ChangingPrograms {
  enum Verdict: Equatable {
    case changes(String)
    /// Unknown program, guarded path: it may.
    case mayChange(String)
    case leavesAlone
  }

  static func verdict(on call: Invocation) -> Verdict {
    if let tool = tools[call.program] {
      let isReadOnly = tool.readOnly.contains { call.has($0) || call.subject == $0 }
      if isReadOnly { return .leavesAlone }
      let isMeant = tool.only.isEmpty || tool.only.contains { call.has($0) || call.subject == $0 }
      return isMeant ? .changes(tool.changes) : .leavesAlone
    }
    if call.program == "make" { return make(call) }
    let paths = call.words.compactMap(SystemPaths.guardedPath)
    guard let first = paths.first else { return .leavesAlone }
    if let writer = writers[call.program] { return writer(call, paths) }
    return readers.contains(call.program) ? .leavesAlone : .mayChange(first)
  }

  private struct Tool {
    var changes: String
    /// Options or subcommands that only look.
    var readOnly: [String] = []
    /// Where not empty: it changes something with these only.
    var only: [String] = []
  }

  private static let tools: [String: Tool] = [
    "update-grub": Tool(changes: "/boot/grub/grub.cfg"),
    "update-grub2": Tool(changes: "/boot/grub/grub.cfg"),
    "grub-mkconfig": Tool(changes: "/boot/grub/grub.cfg", only: ["-o", "--output"]),
    "grub2-mkconfig": Tool(changes: "/boot/grub2/grub.cfg", only: ["-o", "--output"]),
    "grub-install": Tool(changes: "/boot/grub"),
    "grub2-install": Tool(changes: "/boot/grub2"),
    "grub-set-default": Tool(changes: "/boot/grub/grubenv"),
    "grub2-set-default": Tool(changes: "/boot/grub2/grubenv"),
    "grub-reboot": Tool(changes: "/boot/grub/grubenv"),
    "grub2-reboot": Tool(changes: "/boot/grub2/grubenv"),
    "grub-editenv": Tool(changes: "/boot/grub/grubenv", readOnly: ["list"]),
    "grub2-editenv": Tool(changes: "/boot/grub2/grubenv", readOnly: ["list"]),
    "grubby": Tool(
      changes: "/boot/loader/entries", readOnly: ["--info", "--default-kernel", "--default-index"]),
    "bootctl": Tool(
      changes: "/boot/loader",
      only: ["install", "update", "remove", "set-default", "set-oneshot", "unlink", "cleanup"]),
    "sdbootutil": Tool(changes: "/boot/loader"),
    "update-bootloader": Tool(changes: "/boot/grub2"),
    "update-extlinux": Tool(changes: "/boot/extlinux.conf"),
    "update-initramfs": Tool(changes: "/boot/initrd.img-…"),
    "mkinitramfs": Tool(changes: "/boot/initrd.img-…", only: ["-o"]),
    "dracut": Tool(changes: "/boot/initramfs-…", readOnly: ["--list-modules", "--print-cmdline"]),
    "mkinitcpio": Tool(changes: "/boot/initramfs-…", only: ["-p", "-P", "-g", "--preset"]),
    "mkinitfs": Tool(changes: "/boot/initramfs-…"),
    "kernel-install": Tool(changes: "/boot", only: ["add", "remove", "add-all"]),
    "installkernel": Tool(changes: "/boot"),
    "depmod": Tool(
      changes: "/lib/modules/…/modules.dep and its neighbours",
      readOnly: ["-n", "--dry-run", "--show", "-V", "--version"]),
    "dkms": Tool(
      changes: "/lib/modules",
      only: ["install", "uninstall", "remove", "autoinstall", "unbuild", "force"]),
    "systemctl": Tool(
      changes: "/etc/systemd", only: ["enable", "disable", "mask", "unmask", "set-default"]),
    "update-rc.d": Tool(changes: "/etc/rc*.d"),
    "update-alternatives": Tool(changes: "/etc/alternatives", only: ["--set", "--install"]),
  ]

  private static func make(_ call: Invocation) -> Verdict {
    if call.words.contains("modules_install"), !call.has("INSTALL_MOD_PATH") {
      return .changes("/lib/modules")
    }
    if call.words.contains("install"), !call.has("INSTALL_PATH") { return .changes("/boot") }
    return .leavesAlone
  }

  private typealias Writer = @Sendable (Invocation, [String]) -> Verdict

  /// Every guarded path is a target.
  private static let any: Writer = { _, paths in
    paths.first.map { .changes($0) } ?? .leavesAlone
  }

  /// The last argument is the target, or what follows `-t`.
  private static let last: Writer = { call, _ in
    let words = call.words
    var target = words.last
    if let index = words.firstIndex(where: { $0 == "-t" || $0 == "--target-directory" }),
      index + 1 < words.count
    {
      target = words[index + 1]
    }
    if let joined = words.first(where: { $0.hasPrefix("--target-directory=") }) { target = joined }
    return target.flatMap(SystemPaths.guardedPath).map { .changes($0) } ?? .leavesAlone
  }

  private static let writers: [String: Writer] = [
    "cp": last, "install": last, "ln": last, "rsync": last, "scp": last,
    "mv": any, "tee": any, "rm": any, "rmdir": any, "unlink": any, "mkdir": any, "touch": any,
    "truncate": any, "chmod": any, "chown": any, "chgrp": any, "chattr": any, "setfattr": any,
    "setfacl": any, "shred": any, "patch": any, "ed": any, "wget": any, "curl": any,
    "dd": { call, _ in
      let output = call.words.first { $0.hasPrefix("of=") }
      return output.flatMap(SystemPaths.guardedPath).map { .changes($0) } ?? .leavesAlone
    },
    "sed": { call, paths in
      let inPlace = call.words.contains { $0.hasPrefix("-i") || $0.hasPrefix("--in-place") }
      return inPlace ? any(call, paths) : .leavesAlone
    },
    "perl": { call, paths in
      let inPlace = call.words.contains { $0.hasPrefix("-") && $0.utf8.contains(105) }
      return inPlace ? any(call, paths) : .leavesAlone
    },
    "tar": { call, paths in
      let mode = call.words.first ?? ""
      let extracts = mode.utf8.contains(120) || call.has("--extract")
      return extracts ? any(call, paths) : .leavesAlone
    },
    "find": { call, paths in
      call.has("-delete", "-exec", "-execdir", "-fprint") ? any(call, paths) : .leavesAlone
    },
  ]

  private static let readers: Set<String> = [
    "cat", "grep", "egrep", "fgrep", "zgrep", "test", "[", "stat", "ls", "head", "tail", "wc",
    "diff", "cmp", "file", "readlink", "realpath", "sha256sum", "md5sum", "cksum", "zcat", "xzcat",
    "zstdcat", "strings", "modinfo", "modprobe", "lsmod", "lsinitramfs", "lsinitrd", "lsinitcpio",
    "dpkg", "dpkg-query", "rpm", "mokutil", "sbverify", "findmnt", "mountpoint", "df", "du", "awk",
    "mawk", "gawk", "cut", "sort", "true", "false", "echo", "printf", "sync", "grub-script-check",
    "grub-probe", "python3",
  ]
}
