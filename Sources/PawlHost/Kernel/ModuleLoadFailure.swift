/// Why modprobe did not load a module, from its last words and what is known of the host: its exit
/// status is 1 whatever the reason.
public enum ModuleLoadFailure {
  /// Cause and next step in one or two sentences; nil where the words say nothing that is known.
  public static func explain(_ words: String, host: HostDetection) -> String? {
    table.first { row in words.contains(row.words) }.flatMap { $0.sentence(words, host) }
  }

  private struct Row {
    let words: String
    let sentence: @Sendable (_ words: String, _ host: HostDetection) -> String?
  }

  /// The texts are those of kmod (modprobe.c) and of strerror(3) for what init_module(2) answers.
  private static let table = [
    Row(words: "not found in directory") { words, host in
      name(after: "Module ", in: words).map { notThere($0, host) }
    },
    Row(words: "Error running install command") { words, host in
      let name = name(after: "for module ", in: words)
      let block = name.flatMap { host.modules.blocks($0).first(where: \.stopsModprobe) }
      guard let block else { return "A line in modprobe.d runs a command in its place." }
      return
        "It is blocked by line \(block.line) of \(block.file) (\(block.text)): remove that line."
    },
    Row(words: "Operation not permitted") { _, host in notPermitted(host) },
    Row(words: "Key was rejected by service") { _, host in unsigned + keyOfDKMS(host) },
    Row(words: "Required key not available") { _, host in unsigned + keyOfDKMS(host) },
    Row(words: "Exec format error") { _, host in otherKernel(host) },
    Row(words: "Invalid module format") { _, host in otherKernel(host) },
    Row(words: "Unknown symbol in module") { _, host in
      "It needs something that this kernel, or a module that is loaded, does not have, or was given "
        + "an option that it does not know: the kernel's log names it (dmesg). \(otherKernel(host))"
    },
    Row(words: "No such device") { _, _ in
      "The driver found no device that it is for, and did not stay."
    },
    Row(words: "Device or resource busy") { _, _ in
      "Another driver holds the device, or the module is being loaded already."
    },
    Row(words: "Cannot allocate memory") { _, _ in
      "The kernel had no memory for it: end what needs much, then try again."
    },
  ]

  /// A module of DKMS's is signed, by a key that is this host's own.
  private static func keyOfDKMS(_ host: HostDetection) -> String {
    let key = ModuleSigningKey.ofDKMS(root: host.root)
    guard let standing = key.standing, standing != .enrolled else { return "" }
    return " What DKMS built is signed with a key that is not let in yet: mokutil --import "
      + "\(key.certificate), then restart."
  }

  private static let unsigned =
    "This kernel loads only modules that are signed with a key it knows, and this one is not. Sign it "
    + "with an enrolled key (mokutil --list-enrolled shows them), or use the distribution's own."

  private static func otherKernel(_ host: HostDetection) -> String {
    "It may have been built for another kernel than \(host.release.value?.text ?? "this one"): compare "
      + "modinfo -F vermagic, and build it anew."
  }

  private static func notThere(_ name: String, _ host: HostDetection) -> String {
    let check = CapabilityCheck.ofModule(name, host: host)
    return [check.sentence, check.howToFix].compactMap(\.self).joined(separator: " ")
  }

  private static func notPermitted(_ host: HostDetection) -> String {
    if host.container.answer == .yes {
      return "This is a container, which may not load modules: load it on the host."
    }
    if host.security.modulesDisabled == true {
      return "kernel.modules_disabled is 1: no module loads until the next restart."
    }
    switch host.security.lockdown.value {
    case .integrity?, .confidentiality?:
      return "The kernel is locked down and the module is not signed. \(unsigned)"
    case .none?, .unsupported?, nil:
      return
        "Only root with CAP_SYS_MODULE loads modules, and a security module may forbid it: the "
        + "kernel's log (dmesg) and the audit log name it."
    }
  }

  /// The word after these, without quotes.
  private static func name(after words: String, in text: String) -> String? {
    guard let range = text.firstRange(of: words) else { return nil }
    let name = text[range.upperBound...].prefix { $0 != " " && $0 != ":" && $0 != "\n" }
    let bare = name.filter { $0 != "'" && $0 != "\"" && $0 != "." }
    return bare.isEmpty ? nil : String(bare)
  }
}
