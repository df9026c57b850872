import Foundation
import Glibc
import PawlModel

/// Registers a module with DKMS and builds it for a kernel, and believes none of DKMS's words.
public struct DKMSBuild {
  private let target: DKMSTarget
  private let tool: Tool

  private var root: HostRoot { target.root }
  private var module: DKMSModule { target.module }
  private var kernel: DKMSKernel { target.kernel }

  /// `tool` runs on the live system, whatever `root` is looked at.
  public init(_ target: DKMSTarget, tool: Tool) {
    self.target = target
    self.tool = tool
  }

  /// May be repeated.
  public func register() throws {
    guard !target.isRegistered else {
      return print("DKMS has \(target.title).")
    }
    try tool.run(DKMSTarget.command("add", module))
    guard target.isRegistered else {
      throw PawlError(
        .stepFailed, "dkms add ended well, and left no \(module.folder)/source/dkms.conf.")
    }
  }

  /// Leaves it registered where DKMS has built it for any kernel meanwhile.
  public func forget() throws {
    let built = (DKMSTree.read(root: root).value?.entries ?? []).first {
      $0.module == module.name && $0.version == module.version && $0.release != nil
    }
    if let built {
      return print(
        "It stays registered: it is built for \(built.release ?? "a kernel").")
    }
    guard target.isRegistered else { return }
    try tool.run(DKMSTarget.command("remove", module, "--all"))
    guard !target.isRegistered else {
      throw PawlError(
        .stepFailed,
        "dkms remove ended well, and \(target.title) is still registered.",
        hint: "Look at what is in \(module.folder).")
    }
  }

  /// May be repeated: what an attempt left that was cut off is never taken for built.
  public func run() throws {
    let conf = try DKMSRequirements(target).requireConf()
    try clear()
    let report = try tool.attempt(DKMSTarget.command("build", module, for: kernel))
    guard report.succeeded else { throw failure(report) }
    try requireBuilt(conf)
  }

  /// After the files of before were put back: a folder without a module in it would be in the way of
  /// every later build ("already been built", exit status 3).
  public func clearUnfinished() throws {
    let names = root.list("\(target.built)/module").value ?? []
    if !names.contains(where: { ModuleName.suffix($0) != nil }) { try clear() }
  }

  /// What was built for the kernel, whole or not.
  func clear() throws {
    let folder = root.path(target.built)
    guard FileManager.default.fileExists(atPath: folder) else { return }
    print("Removing \(folder), which an earlier build left.")
    do { try FileManager.default.removeItem(atPath: folder) } catch {
      throw PawlError(.inputOutput, "\(folder) cannot be removed: \(error.localizedDescription)")
    }
    // An empty folder of a release counts as a kernel that it is built for: it would stay registered.
    rmdir(root.path("\(module.folder)/\(kernel.release)"))
  }

  private func requireBuilt(_ conf: DKMSConf) throws(PawlError) {
    let folder = "\(target.built)/module"
    let there = Set((root.list(folder).value ?? []).map { ModuleName.normalize($0) })
    let missing = conf.modules.map(\.name).filter { !there.contains(ModuleName.normalize($0)) }
    guard missing.isEmpty else {
      throw PawlError(
        .stepFailed,
        "dkms build ended well, and did not make \(missing.joined(separator: ", ")) in \(folder).",
        hint: "Its log is \(target.built)/log/make.log.")
    }
  }

  private func failure(_ report: ExitReport) -> PawlError {
    let title = "\(target.title) was not built for \(kernel.release)"
    if let log, let cause = DKMSBuildFailure.explain(log.text) {
      return PawlError(
        .stepFailed, "\(title): \(cause.sentence)",
        hint: "\(cause.hint) The log is \(log.path).")
    }
    let meaning = DKMSBuildFailure.meaning(of: report.ending)
    return PawlError(
      .stepFailed, "\(title): \(meaning ?? report.ending.sentence)",
      hint: log.map { "The log is \($0.path)." } ?? "DKMS's own words are above.")
  }

  /// Where DKMS leaves it after a failure, then where it goes in the end.
  private var log: (path: String, text: String)? {
    for path in ["\(module.folder)/build/make.log", "\(target.built)/log/make.log"] {
      if let text = root.text(path).value { return (path, text) }
    }
    return nil
  }
}
