/// What the two kernels of a trial are called in a sentence. Where the kernel that runs is itself tried, with
/// another initramfs, both have the same release, and a sentence with nothing else says that a host went from a
/// kernel back to that kernel.
public struct TrialNames: Sendable, Hashable {
  public let new: String
  public let old: String

  /// - Parameters:
  ///   - new: the release that is tried.
  ///   - old: the one that is the way back.
  public init(new: String, old: String) {
    let (new, old) = (HostText.line(new, limit: 80), HostText.line(old, limit: 80))
    self.new = new == old ? "\(new) with its new initramfs" : new
    self.old = new == old ? "\(old) as it was" : old
  }

  public init(_ armed: ArmedTrial) {
    self.init(new: armed.expected.release, old: armed.before.release)
  }
}
