import Foundation
import PawlModel

/// Puts a built kernel into the staging folder, next to the modules that `make modules_install`
/// put there. Runs as the build user; root later copies from a manifest and runs nothing of it.
public struct KernelStage {
  public let build: String
  /// Below `build`: `arch/x86/boot/bzImage`.
  public let image: String
  public let stage: String
  public let release: String

  public init(build: String, image: String, stage: String, release: String) {
    self.build = build
    self.image = image
    self.stage = stage
    self.release = release
  }

  /// Refuses a build whose release is not the planned one: it would land on another kernel.
  public func fill() throws {
    let built = try text("\(build)/include/config/kernel.release")
    guard built == release else {
      throw PawlError(
        .stepFailed, "The build calls itself \(built), the plan says \(release).",
        hint: "Something sets LOCALVERSION besides the plan; look at .config and localversion*.")
    }
    try removeLinksOut()
    try linkHeaders()
    let boot = "\(stage)/boot"
    try FileManager.default.createDirectory(atPath: boot, withIntermediateDirectories: true)
    try copy("\(build)/\(image)", to: "\(boot)/vmlinuz-\(release)")
    try copy("\(build)/System.map", to: "\(boot)/System.map-\(release)")
    try copy("\(build)/.config", to: "\(boot)/config-\(release)")
    print("Staged \(release) in \(stage).")
  }

  /// `build` and `source` point into the build user's folders; installed, they would let that
  /// user decide what later module builds read.
  private func removeLinksOut() throws {
    for name in ["build", "source"] {
      let path = "\(stage)/lib/modules/\(release)/\(name)"
      guard (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil else {
        continue
      }
      try FileManager.default.removeItem(atPath: path)
    }
  }

  /// As the headers packages of distributions have it, where headers were staged, too.
  private func linkHeaders() throws {
    let headers = HeadersStage.folder(of: release)
    guard FileManager.default.fileExists(atPath: stage + headers) else { return }
    try FileManager.default.createSymbolicLink(
      atPath: "\(stage)/lib/modules/\(release)/build", withDestinationPath: headers)
  }

  private func copy(_ from: String, to: String) throws {
    if FileManager.default.fileExists(atPath: to) {
      try FileManager.default.removeItem(atPath: to)
    }
    try FileManager.default.copyItem(atPath: from, toPath: to)
  }

  private func text(_ path: String) throws -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw PawlError(.stepFailed, "\(path) cannot be read: the build is not complete.")
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
