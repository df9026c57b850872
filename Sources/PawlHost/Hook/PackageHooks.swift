/// What package managers call once they have done something, so that a boot menu which a kernel package
/// made anew has Pawl's pin back before anybody restarts. Without it a plain boot could start a kernel
/// that nobody tried.
struct PackageHooks {
  let program: String
  let journal: String

  /// A package manager that looks into `folder` for what to call.
  struct Known: Sendable, Hashable {
    var folder: String
    var file: HookFile
  }

  /// Empty where a path has characters that a shell would read otherwise.
  var known: [Known] {
    guard (program + journal).utf8.allSatisfy(Self.plain.contains) else { return [] }
    return [dpkg]
  }

  /// dpkg(1), `--post-invoke`: after every unpacking, configuration and removal, also under apt. It knows
  /// nothing but lines for `sh -c`. The test of the mark is the shell's own: no process without a plan.
  private var dpkg: Known {
    let folder = "/etc/dpkg/dpkg.cfg.d"
    let mark = OpenPlansMark.path(journalPath: journal)
    return Known(
      folder: folder,
      file: HookFile(
        path: "\(folder)/pawl",
        content: """
          # Made by `pawl boot-hook install`.
          post-invoke=if [ -e \(mark) ]; then \(program) boot-hook run packages --journal \(journal) || :; fi

          """,
        mode: 0o644, links: []))
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_./-+,@".utf8)
}
