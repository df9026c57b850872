/// The release of a kernel: what `uname -r` prints, for example `6.1.0-50-cloud-amd64`.
public struct KernelRelease: Sendable, Equatable {
  /// How the release became known.
  public enum Source: Sendable, Equatable {
    /// The kernel that runs; the file that said so.
    case running(file: String)
    /// No kernel was seen running: the newest of the installed module trees in this folder.
    case newestInstalled(folder: String)
  }

  public let text: String
  public let source: Source

  public init(text: String, source: Source) {
    self.text = text
    self.source = source
  }

  /// True when this kernel was seen running.
  public var isRunning: Bool {
    switch source {
    case .running: true
    case .newestInstalled: false
    }
  }

  /// Where the release comes from, for people.
  public var sourceInWords: String {
    switch source {
    case .running(let file): "running, says \(file)"
    case .newestInstalled(let folder): "not seen running; the newest in \(folder)"
    }
  }

  /// The numbers of the upstream version: `[6, 1, 0]` for `6.1.0-50-cloud-amd64`.
  public var upstream: [Int] { KernelVersion.upstream(text) }

  /// Finds the release of the system below `root`: the running one, else the newest installed.
  ///
  /// Reads `/proc/sys/kernel/osrelease`, then `/proc/version`, then the names of the folders in
  /// `/lib/modules` and `/usr/lib/modules`.
  public static func detect(root: HostRoot) -> Reading<KernelRelease> {
    var trouble: [String] = []
    let osrelease = "/proc/sys/kernel/osrelease"
    switch root.line(osrelease) {
    case .present(let text) where !text.isEmpty:
      return .present(KernelRelease(text: text, source: .running(file: osrelease)))
    case .present: trouble.append("\(osrelease) is empty")
    case .unreadable(let reason): trouble.append("\(osrelease): \(reason)")
    case .absent: break
    }
    let version = "/proc/version"
    switch root.line(version) {
    case .present(let text):
      let words = text.words()
      if words.count > 2, words[0] == "Linux", words[1] == "version" {
        return .present(KernelRelease(text: words[2], source: .running(file: version)))
      }
      trouble.append("\(version) does not begin with `Linux version`")
    case .unreadable(let reason): trouble.append("\(version): \(reason)")
    case .absent: break
    }
    for folder in ["/lib/modules", "/usr/lib/modules"] {
      switch root.list(folder) {
      case .present(let names):
        let releases = names.filter { name in
          name.first?.isNumber == true && root.kind("\(folder)/\(name)").value == .folder
        }
        if let newest = releases.max(by: KernelVersion.precedes) {
          return .present(KernelRelease(text: newest, source: .newestInstalled(folder: folder)))
        }
      case .unreadable(let reason): trouble.append("\(folder): \(reason)")
      case .absent: break
      }
    }
    return trouble.isEmpty ? .absent : .unreadable(trouble.joined(separator: "; "))
  }
}

/// Comparison of kernel versions as text.
public enum KernelVersion {
  /// The leading numbers between dots, three at most: `[6, 18, 0]` for `6.18.0-rc3-default`.
  public static func upstream(_ text: String) -> [Int] {
    var numbers: [Int] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false).prefix(3) {
      let digits = part.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { break }
      numbers.append(number)
      if digits.count != part.count { break }
    }
    return numbers
  }

  /// True when `left` is the older version: runs of digits compare as numbers, and a release
  /// candidate is older than its release.
  public static func precedes(_ left: String, _ right: String) -> Bool {
    let a = upstream(left)
    let b = upstream(right)
    for index in 0..<3 {
      let x = index < a.count ? a[index] : 0
      let y = index < b.count ? b[index] : 0
      if x != y { return x < y }
    }
    let candidates = (left.contains("-rc"), right.contains("-rc"))
    if candidates.0 != candidates.1 { return candidates.0 }
    let x = runs(left)
    let y = runs(right)
    for (one, other) in zip(x, y) where one != other {
      if let first = Int(one), let second = Int(other), first != second { return first < second }
      return one < other
    }
    return x.count < y.count
  }

  private static func runs(_ text: String) -> [String] {
    var runs: [String] = []
    var wasDigit: Bool?
    for character in text {
      let digit = character.isASCII && character.isNumber
      if digit == wasDigit, !runs.isEmpty {
        runs[runs.count - 1].append(character)
      } else {
        runs.append(String(character))
      }
      wasDigit = digit
    }
    return runs
  }
}
