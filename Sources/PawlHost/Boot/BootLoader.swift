import PawlModel

/// A boot loader as it is set up on this host: what is in its menu, what it starts, and how that is
/// changed without ever leaving a menu that starts nothing. Real loaders differ in where they keep
/// entries and how they are told what to start; all of them pass `LoaderContract`.
///
/// What survives a power cut: each change is on disk, whole, when its call returns, or was never begun.
/// A cut inside a call leaves a menu whose plain choice is one that was there before or is asked for.
public protocol BootLoader {
  /// For a sentence: `GRUB`, `systemd-boot`, `extlinux`.
  var name: String { get }

  /// Files of the running system that `write` may change, for backups; they are made anew by it.
  var changedFiles: [String] { get }

  /// Where copies of kernels have to lie so that this loader can read them: `/boot/pawl` where it
  /// reads the file system of /boot, a folder of the ESP where it reads only that.
  var copiesFolder: String { get }

  /// What the copy of a file of /boot is called there, so that nothing takes it for a kernel of its own.
  func copyName(of name: String) -> String

  /// Whether it can start an entry once and forget that before the entry's kernel is loaded, and
  /// why not. Looks, and changes nothing.
  func oneShotAbility() -> OneShotAbility

  /// The whole menu. `id` is what the loader's own tools take.
  func entries() throws -> [BootEntry]

  /// What a boot starts that nobody interferes with and for which nothing is set once.
  func plainChoice() throws -> BootEntry?

  /// The entry that the distribution's tools made for a release (never one of Pawl's own, never a
  /// recovery entry); nil where there is none.
  func distributionEntry(of release: String) throws -> BootEntry?

  /// Has the distribution's tools make the menu entry of an installed release, where the menu is
  /// not made as a whole. Pinned entries stay as they are. Repeating it is safe.
  func addKernel(_ release: String, with tool: Tool) throws

  /// Takes that back. Of a release that has no entry, nothing.
  func removeKernel(_ release: String, with tool: Tool) throws

  /// Makes the menu hold Pawl's entries exactly as wanted and the plain choice as wanted, then reads
  /// both back (`verify`). nil: none of Pawl's entries, and the choice as it was before Pawl came.
  /// Repeating it is safe, and mends a menu that another program made anew.
  func write(_ wanted: PawlEntries?, with tool: Tool) throws

  /// Reads the menu and everything that chooses from it, and throws `refused` with a sentence that
  /// names what is not as wanted: an entry of Pawl's own missing, starting another image, initrd or
  /// command line; the plain choice another; the fallback not the first.
  func verify(_ wanted: PawlEntries) throws

  /// The id of the entry that the next boot starts once; nil where none is set. Throws where that
  /// cannot be read.
  func oneShot() throws -> String?

  /// Makes the next boot, once, start this entry, durably, and reads that back.
  func setOneShot(_ id: String, with tool: Tool) throws

  /// No boot is special any more; read back. Where none is set, nothing.
  func clearOneShot(with tool: Tool) throws

  /// What the trial entry wrote down when the loader chose it, before its kernel was loaded: the
  /// token. `absent` where it wrote nothing, `unreadable` with the reason where this loader cannot.
  func triedToken() -> Reading<String>
}

extension BootLoader {
  public func copyName(of name: String) -> String { name }
}

public enum OneShotAbility: Sendable, Hashable {
  case able
  /// Sentences: what stands in the way.
  case unable([String])
}
