import PawlModel

/// Whether the boot hook of the host that runs will look after the plans of a journal.
public struct HookStanding {
  private let program: String
  private let journal: String
  private let files: any HostFiles

  public init(program: String, journal: String, files: any HostFiles) {
    self.program = program
    self.journal = journal
    self.files = files
  }

  /// A sentence, with what to do; nil where the hook is in place.
  public var fault: String? {
    guard let system = BootHook.initSystem(root: "/") else {
      return
        "Neither systemd nor OpenRC starts this host: nobody would look after a kernel on trial."
    }
    let hook = BootHook(
      root: "/", system: system, texts: HookFiles(program: program, journal: journal), files: files)
    guard (try? hook.standing()) == .installed else {
      return
        "The boot hook is not in place: nobody would look after a kernel on trial, nor end it in time. "
        + "Install it: pawl boot-hook install"
    }
    return nil
  }
}
