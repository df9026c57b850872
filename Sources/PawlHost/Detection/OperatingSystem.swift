/// A family of distributions that share a package manager and its habits.
public enum DistributionFamily: String, Sendable, Codable, CaseIterable {
  case debian, rhel, alpine, arch, suse, unknown

  /// The identifiers (`ID`, `ID_LIKE` of os-release) that place a distribution in a family.
  static let identifiers: [String: DistributionFamily] = [
    "debian": .debian, "ubuntu": .debian, "raspbian": .debian, "linuxmint": .debian,
    "kali": .debian,
    "rhel": .rhel, "fedora": .rhel, "centos": .rhel, "rocky": .rhel, "almalinux": .rhel,
    "ol": .rhel, "amzn": .rhel, "azurelinux": .rhel, "mariner": .rhel,
    "alpine": .alpine, "postmarketos": .alpine,
    "arch": .arch, "archlinux": .arch, "manjaro": .arch, "steamos": .arch,
    "suse": .suse, "opensuse": .suse, "sles": .suse, "sled": .suse, "sles_sap": .suse,
    "opensuse-leap": .suse, "opensuse-tumbleweed": .suse, "opensuse-microos": .suse,
  ]
}

extension DistributionFamily {
  /// Of the system below `root`.
  static func of(_ root: HostRoot) -> DistributionFamily {
    OperatingSystem.detect(root: root).value?.family ?? .unknown
  }
}

/// The distribution, as its os-release file names it (`os-release(5)`).
public struct OperatingSystem: Sendable, Equatable {
  /// Every assignment of the file.
  public let fields: [String: String]
  /// The file that was read.
  public let file: String

  /// `ID`, `linux` where the file has none (as the manual says).
  public var id: String { fields["ID"] ?? "linux" }
  /// `ID_LIKE`, the nearest relation first.
  public var idLike: [String] { (fields["ID_LIKE"] ?? "").words() }
  public var versionID: String? { fields["VERSION_ID"] }
  public var prettyName: String { fields["PRETTY_NAME"] ?? fields["NAME"] ?? "Linux" }

  /// The family, by `ID` and then by `ID_LIKE`.
  public var family: DistributionFamily {
    for name in [id] + idLike {
      if let family = DistributionFamily.identifiers[name.lowercased()] { return family }
    }
    return .unknown
  }

  public init(text: String, file: String = "/etc/os-release") {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.trimmingWhitespace()
      guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
      let name = String(line[..<equals])
      guard !name.isEmpty,
        name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
      else { continue }
      fields[name] = Self.unquote(String(line[line.index(after: equals)...]))
    }
    self.fields = fields
    self.file = file
  }

  /// Reads `/etc/os-release`, else `/usr/lib/os-release`, below `root`.
  public static func detect(root: HostRoot) -> Reading<OperatingSystem> {
    var trouble: [String] = []
    for file in ["/etc/os-release", "/usr/lib/os-release"] {
      switch root.text(file) {
      case .present(let text): return .present(OperatingSystem(text: text, file: file))
      case .unreadable(let reason): trouble.append("\(file): \(reason)")
      case .absent: break
      }
    }
    return trouble.isEmpty ? .absent : .unreadable(trouble.joined(separator: "; "))
  }

  /// Removes quotes as a shell would: inside single quotes nothing is special, elsewhere a backslash
  /// protects the next character.
  static func unquote(_ raw: String) -> String {
    var result = ""
    var quote: Character?
    var escaped = false
    for character in raw {
      if escaped {
        result.append(character)
        escaped = false
      } else if character == "\\", quote != "'" {
        escaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      } else if quote == nil, character == " " || character == "\t" {
        break
      } else {
        result.append(character)
      }
    }
    return result
  }
}
