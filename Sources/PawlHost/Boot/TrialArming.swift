import PawlModel

/// How the next boot is made to be that of a new kernel: by a boot loader, or by WSL's settings.
protocol TrialArming {
  /// Looks at all that the trial relies on, and changes nothing. Throws, with what is missing.
  func ready(_ terms: TrialTerms, release: String) throws -> ReadyTrial

  /// What survives a power cut: either nothing or the whole. Read back.
  func arm(_ terms: TrialTerms) throws

  /// Takes back what `arm` did, where it is still there.
  func disarm(_ terms: TrialTerms) throws

  func trace(of terms: TrialTerms, recorded: Bool) -> LoaderTrace
}

/// What a trial will start, and what the host starts where that fails.
struct ReadyTrial {
  var expected: KernelIdentity
  var trial: BootEntry
  var fallback: BootEntry
  /// Image and initrds of both, by path.
  var files: [String: Digest]
}
