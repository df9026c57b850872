import PawlModel

/// The boot of a machine: what runs, what the loader will start next, and how to get there.
public protocol HostBoot {
  /// Throws where the kernel does not say which boot this is.
  func bootIdentity() throws -> BootIdentity

  func health() -> HealthState

  /// Looks at all that a trial relies on and changes nothing. Throws, with what is missing, where
  /// the fallback would not be started by a plain boot, or is not what it was when it last ran.
  func trialAhead(_ terms: TrialTerms, release: String) throws -> ArmedTrial

  /// Makes the trial entry the next boot, once, and reads that back. What survives a power cut:
  /// either nothing or the whole. Throws where the loader does not say that it will.
  func arm(_ terms: TrialTerms) throws

  /// Takes back what `arm` did, where it is still there.
  func disarm(_ terms: TrialTerms) throws

  /// What the loader left of an armed trial; `recorded`: the journal says that it was armed.
  func loaderTrace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace

  /// `/proc/vmcore` is there: this kernel was started over one that died, to save its memory.
  var isCrashKernel: Bool { get }

  /// Modules inside the running kernel's image.
  func builtInModules() -> [String]

  /// What is known of the boot that came after the trial was armed, and was lost.
  func evidence(after armed: ArmedTrial) -> TrialEvidence

  /// Asks the init system to restart the host; returns before it does. Throws where nothing that
  /// could restart it is there, in a container say.
  func restart(_ kind: RestartKind, saying message: String) throws
}
