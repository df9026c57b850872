import PawlModel

/// What kernel-install(8) wrote for a kernel, whichever loader reads it.
enum NewKernelEntry {
  /// Without /etc/kernel/cmdline its command line is that of the present boot, trial or not.
  static func requirePlain(_ commandLine: String, of entry: String) throws(PawlError) {
    guard commandLine.words().contains(where: { $0.hasPrefix("pawl.trial=") }) else { return }
    throw PawlError(
      .stepFailed,
      "kernel-install took the command line of \(entry) from this boot, which is the trial of a "
        + "kernel.",
      hint: "Write the host's own command line to /etc/kernel/cmdline, then try again.")
  }
}
