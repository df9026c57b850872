/// How a kernel is tried under WSL, which has no boot loader: `.wslconfig` names the kernel that the next
/// start takes, until it is changed again. Part of `TrialTerms`; frozen and approved with them.
public struct WSLTerms: Codable, Sendable, Hashable {
  /// `.wslconfig` of Windows' user, as Linux sees it.
  public var settings: String
  /// A copy of it as it was when the plan was approved, as Linux sees it; nil where there was none.
  public var before: String?
  /// The new kernel, as Windows names it.
  public var kernel: String
  /// The disk with its modules, as Windows names it; nil where all of them are in the image.
  public var modulesDisk: String?

  public init(settings: String, before: String?, kernel: String, modulesDisk: String?) {
    self.settings = settings
    self.before = before
    self.kernel = kernel
    self.modulesDisk = modulesDisk
  }

  /// - Parameters:
  ///   - folder: with what WSL is to start, as Windows names it.
  ///   - hasModulesDisk: the folder holds one.
  public init(settings: String, before: String?, folder: String, hasModulesDisk: Bool) {
    self.init(
      settings: settings, before: before, kernel: "\(folder)\\\(Self.kernelName)",
      modulesDisk: hasModulesDisk ? "\(folder)\\\(Self.modulesDiskName)" : nil)
  }

  public static let kernelName = "kernel"
  public static let modulesDiskName = "modules.vhdx"
}

/// Where the modules of a WSL kernel are.
public enum WSLDrivers: String, Sendable, Hashable, CaseIterable {
  /// Inside the image: every WSL can start it.
  case builtIn = "built-in"
  /// On a virtual disk that WSL attaches, from 2.5.1 on.
  case disk
}
