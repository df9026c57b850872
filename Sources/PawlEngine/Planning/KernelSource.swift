import Foundation
import PawlHost
import PawlModel

/// Which kernel a source will give, said before it is unpacked: the release of the new kernel is
/// part of the plan.
struct KernelSource {
  let text: String
  let tool: (_ argv: [String]) -> String?

  /// The newest `linux-source` tarball of the distribution.
  static var installed: String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/src")) ?? []
    return names.filter { $0.hasPrefix("linux-source-") && $0.contains(".tar.") }
      .max { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { "/usr/src/\($0)" }
  }

  /// `6.1.176` say; nil where it cannot be told. Throws where there is no such source.
  func version() throws -> String? {
    switch try SourceTree.Origin(text) {
    case .folder(let path): SourceTree.version(of: path)
    case .archive(let path): Self.packaged(path) ?? Self.named(path)
    case .git(let url, let reference):
      gitVersion(url, reference) ?? Self.tagged(reference)
    }
  }

  /// Debian's tarball is named for the series; its package knows the version.
  private static func packaged(_ path: String) -> String? {
    guard let name = path.split(separator: "/").last, name.hasPrefix("linux-source-"),
      path.hasPrefix("/usr/src/"), let end = name.range(of: ".tar.")
    else { return nil }
    let package = String(name[..<end.lowerBound])
    guard let version = DpkgStatus.read(root: .live).value?.version(of: package) else { return nil }
    return number(in: version[...])
  }

  private static func named(_ path: String) -> String? {
    guard let name = path.split(separator: "/").last else { return nil }
    return number(in: name.drop { !$0.isNumber })
  }

  /// `v6.1.176`, or with the fourth part of Microsoft's `linux-msft-wsl-6.6.87.2`; nil for a branch,
  /// `linux-6.6.y` say, whose newest commit decides.
  private static func tagged(_ reference: String) -> String? {
    let text = reference.drop { !$0.isNumber }
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard !digits.hasSuffix(".") else { return nil }
    return number(in: text, parts: 4)
  }

  /// The leading `1.2` or `1.2.3`, with three parts at least.
  private static func number(in text: Substring, parts most: Int = 3) -> String? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let parts = digits.split(separator: ".").prefix(most)
    guard parts.count >= 2 else { return nil }
    return (parts + (parts.count == 2 ? ["0"] : [])).joined(separator: ".")
  }

  /// Only a repository on this machine is asked: planning reaches for no network.
  private func gitVersion(_ url: String, _ reference: String) -> String? {
    let path = url.hasPrefix("file://") ? String(url.dropFirst(7)) : url
    guard path.hasPrefix("/") else { return nil }
    let argv = [
      "git", "-c", "safe.directory=*", "-C", path, "show", "\(reference):Makefile",
    ]
    return tool(argv).flatMap { SourceTree.version(ofMakefile: $0) }
  }
}

extension Programs {
  /// A look at the host while planning: what a program prints, nil where it does not end with 0.
  static func planning(host: LiveHost, as identity: Identity) -> (_ argv: [String]) -> String? {
    { argv in
      let spool = "/tmp/pawl-planning-\(UInt64.random(in: 0...UInt64.max)).out"
      var output: [UInt8] = []
      let request = ProcessRequest(
        argv: argv, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"], identity: identity,
        timeoutSeconds: 30, token: "planning", spool: spool)
      let report = try? host.run(request) { tick in
        output += tick.output.prefix(1 << 20)
        return .goOn
      }
      host.removeSpool(spool)
      guard report?.succeeded == true else { return nil }
      return String(decoding: output, as: UTF8.self)
    }
  }
}
