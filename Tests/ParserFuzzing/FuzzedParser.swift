import Fuzzing
import PawlModel

@testable import PawlHost

/// A parser of what a host says. `read` tells what it made of an input, roughly: an input that makes it
/// say something new is worth changing further.
public struct FuzzedParser: Sendable {
  public let name: String
  public let seeds: [String]
  public let vocabulary: Vocabulary
  public let read: @Sendable ([UInt8]) -> Set<String>

  public static func named(_ name: String) -> FuzzedParser? { all.first { $0.name == name } }

  public static let all: [FuzzedParser] = [
    FuzzedParser(
      name: "kernel-config", seeds: [Seeds.kernelConfig], vocabulary: .lines(Seeds.configWords)
    ) { bytes in
      let config = KernelConfig(bytes: bytes)
      let states = config.symbols.prefix(50).map { "\(config.state($0))".prefix(8) }
      return said(states.map(String.init), config.count, config.headerVersion ?? "none")
    },
    FuzzedParser(
      name: "os-release", seeds: [Seeds.osRelease], vocabulary: .lines(Seeds.osWords)
    ) { bytes in
      let system = OperatingSystem(text: text(bytes))
      return said([system.family.rawValue], system.fields.count, "\(system.idLike.count)")
    },
    FuzzedParser(
      name: "modules-dep", seeds: [Seeds.modulesDep], vocabulary: .lines(Seeds.moduleWords)
    ) { bytes in
      let files = ModuleFiles(dependencies: bytes)
      let found = ["vfio_pci", "vfio", "overlay"].map { name in
        let file = files[name]
        return "\(name.prefix(5)) \(file?.suffix ?? "-") \(min(file?.dependencies?.count ?? -1, 9))"
      }
      return said(found, files.count, "")
    },
    FuzzedParser(
      name: "dkms-status", seeds: [Seeds.dkmsStatus], vocabulary: .lines(Seeds.dkmsWords)
    ) { bytes in
      let status = DKMSStatus(text: text(bytes))
      let lines = status.lines.map { "\($0.state) \($0.remarks.count) \($0.release == nil)" }
      return said(lines, status.unread.count, "")
    },
    FuzzedParser(
      name: "dkms-conf", seeds: [Seeds.dkmsConf], vocabulary: .lines(Seeds.dkmsWords)
    ) { bytes in
      let conf = DKMSConf(text: text(bytes))
      let reason = conf.exclusion(
        release: "6.1.0", architecture: "x86_64", config: KernelConfig(text: "CONFIG_PCI=y\n"))
      return said(
        [reason.map { String($0.prefix(12)) } ?? "taken", "\(conf.modules.count)"],
        conf.dynamicLines.count, "\(conf.dynamic.count)")
    },
    FuzzedParser(
      name: "grub-menu", seeds: [Seeds.grubMenu], vocabulary: .grub
    ) { bytes in
      let menu = GrubMenu(text(bytes), environment: ["saved_entry": "a>b", "next_entry": "x"])
      return said([menu.defaultChoice, menu.fallbackChoice], menu.items.count, "")
    },
    FuzzedParser(
      name: "grub-environment", seeds: [Seeds.grubEnvironment], vocabulary: .lines(Seeds.osWords)
    ) { bytes in
      // As long as GRUB wants it, where the seed was: the rest is refused by its length alone.
      let begun = Array(Seeds.grubEnvironment.utf8.prefix(25)) + bytes
      let block = Array((begun + [UInt8](repeating: UInt8(ascii: "#"), count: 1024)).prefix(1024))
      return outcome(of: bytes).union(outcome(of: block))
    },
    FuzzedParser(
      name: "bls-entry", seeds: [Seeds.blsEntry], vocabulary: .lines(Seeds.blsWords)
    ) { bytes in
      let names = ["a+3-1.conf", "6a98-6.1.0.conf", ".conf", "a+9999999999999999999.conf"]
      let found = names.map { TypeOneEntry(fileName: $0, text: text(bytes)) }
      let entry = found[1]
      let fields = [entry?.title, entry?.sortKey, entry?.version, entry?.machineID, entry?.image]
      return said(
        found.map { "\($0?.triesLeft ?? -1)" } + fields.map { String(($0 ?? "-").prefix(2)) },
        entry?.initrds.count ?? 0, "\(entry?.options.count ?? 0)")
    },
    FuzzedParser(
      name: "grub-snippets", seeds: [Seeds.grubSnippet], vocabulary: .lines(Seeds.blsWords)
    ) { bytes in
      let names = ["6a98-6.1.0.conf", "6a98-0-rescue.conf"]
      let menu = GrubMenu(
        "load_env\nset default=0\nblscfg\n", environment: ["kernelopts": "ro $kernelopts"],
        snippets: names.compactMap { TypeOneEntry(fileName: $0, text: text(bytes)) })
      let entry = menu.chosen
      return said(
        [entry?.id, entry?.title, entry?.image].map { String(($0 ?? "-").prefix(4)) },
        entry?.initrds.count ?? 0, "\(entry?.commandLine.utf8.count ?? 0 > 20)")
    },
    FuzzedParser(
      name: "wsl-settings", seeds: [Seeds.wslConfig, Seeds.wslConf],
      vocabulary: .lines(Seeds.wslWords), read: settings),
    FuzzedParser(
      name: "wsl-version", seeds: [Seeds.wslVersion], vocabulary: .lines(Seeds.wslVersionWords)
    ) { bytes in
      let version = WSLVersion(versionText: text(bytes))
      return said(["\(version?.hasModulesDisk ?? false)"], version?.parts.count ?? 0, "")
    },
    FuzzedParser(
      name: "windows-path", seeds: [Seeds.windowsPath], vocabulary: .lines(Seeds.windowsWords),
      read: windowsPath),
    FuzzedParser(
      name: "mountinfo", seeds: [Seeds.mountInfo], vocabulary: .lines(Seeds.mountWords)
    ) { bytes in
      let table = MountTable(mountinfo: text(bytes))
      let boot = table.mount(holding: "/boot/grub")?.type ?? "none"
      return said([boot], table.mounts.count, "")
    },
  ]

  // MARK: - What they say

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Counts grow with every input: only their size counts.
  private static func said(_ words: [String], _ count: Int, _ more: String) -> Set<String> {
    Set(words.map { String($0.prefix(24)) }).union([
      "\(count.bitWidth - count.leadingZeroBitCount) \(more.prefix(16))"
    ])
  }

  private static func outcome(of block: [UInt8]) -> Set<String> {
    do throws(PawlError) {
      let values = try GrubEnvironment(block).values
      return Set(values.map { "\($0.key.prefix(3)) \(min($0.value.count, 40) / 8)" } + ["read"])
    } catch {
      return [String(error.message.prefix(40))]
    }
  }

  /// What is written down reads as the same again, and cannot leave its drive.
  @Sendable private static func windowsPath(_ bytes: [UInt8]) -> Set<String> {
    guard let path = WindowsPath(text(bytes)) else { return ["none"] }
    precondition(WindowsPath(path.text) == path, "what was written reads as something else")
    precondition(!path.parts.contains(".."), "it leaves its folder")
    return [path.drive, "\(min(path.parts.count, 9))"]
  }

  /// Whatever is edited, the rest stays as it was.
  @Sendable private static func settings(_ bytes: [UInt8]) -> Set<String> {
    do throws(PawlError) {
      var file = try SettingsFile(bytes: bytes)
      precondition(file.bytes == bytes, "what was not edited changed")
      let before = try file.value(of: "kernel", in: "wsl2")
      try file.set("kernel", to: "C:\\pawl", in: "wsl2")
      let after = try file.value(of: "kernel", in: "wsl2")
      precondition(after == "C:\\pawl", "what was set reads as something else")
      return [before == nil ? "added" : "replaced", "\(file.bytes.count - bytes.count > 40)"]
    } catch {
      return [String(error.message.prefix(40))]
    }
  }
}

extension Vocabulary {
  static func lines(_ words: [String]) -> Vocabulary {
    Vocabulary(
      tokens: [
        "\n", "\r\n", "\r", "\t", " ", "=", "\"", "'", "\\", "#", ":", ",", "[", "]", "(", ")", "/",
        "\u{FEFF}", "\u{0}", "\u{85}", "\u{2028}", "é", "\u{301}", "\u{1F600}", "$", "`", "${", "}",
        "9223372036854775808", "-1", "0x", "..", "//", "\\040", "\\777",
      ], words: words, pairs: [("[", "]"), ("\"", "\""), ("(", ")"), ("\\", "")])
  }

  static let grub: Vocabulary = {
    var grub = lines(Seeds.grubWords)
    grub.pairs = [
      ("submenu 'x' {\n", "}\n"), ("menuentry 'x' {\n", "}\n"), ("if [ a ]; then\n", "fi\n"),
      ("${", "}"), ("\"", "\""), ("{ ", " }"), ("$a", ""),
    ]
    grub.tokens += ["{", "}", "menuentry ", "submenu ", "if ", "fi\n", "else\n", "set ", "--id "]
    return grub
  }()
}
