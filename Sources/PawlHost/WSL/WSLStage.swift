import Foundation
import PawlModel

/// Puts what WSL is to start into `windows/` of the staging folder: the image, and the disk of modules where
/// there is to be one. Runs as the build user; root later copies from a manifest and runs nothing of it.
public struct WSLStage {
  public let kernel: KernelStage
  public let hasModulesDisk: Bool

  public init(kernel: KernelStage, hasModulesDisk: Bool) {
    self.kernel = kernel
    self.hasModulesDisk = hasModulesDisk
  }

  public func fill(with tool: Tool) throws {
    try kernel.fill()
    let folder = "\(kernel.stage)/windows"
    if FileManager.default.fileExists(atPath: folder) {
      try FileManager.default.removeItem(atPath: folder)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(kernel.stage)/boot/vmlinuz-\(kernel.release)",
      toPath: "\(folder)/\(WSLTerms.kernelName)")
    guard hasModulesDisk else { return }
    try tool.run(["depmod", "-b", kernel.stage, kernel.release])
    try WSLModulesDisk(
      modules: "\(kernel.stage)/lib/modules/\(kernel.release)",
      disk: "\(folder)/\(WSLTerms.modulesDiskName)"
    ).make(with: tool)
  }
}
