import PawlModel

/// Pawl's part of GRUB's menu, as a program for `grub-mkconfig`: `/etc/grub.d/09_pawl`. It comes after
/// the header, which reads the environment block, and before every other entry: whatever asks GRUB
/// for an entry that is not there gets the first one, and that is the fallback (normal/menu.c). Since
/// `grub-mkconfig` runs it, the pin outlives every program that makes the menu anew.
struct GrubFragment {
  static let path = "/etc/grub.d/09_pawl"
  static let triedName = "pawl_tried"

  let entries: PawlEntries
  /// What has to be done before a kernel can be loaded from /boot here: the lines of an entry that
  /// the distribution's own tools made, without those that name a kernel.
  let preparation: [String]
  let isUnrestricted: Bool
  let paths: LoaderPaths

  init(entries: PawlEntries, like model: GrubMenu.Entry, paths: LoaderPaths) {
    self.entries = entries
    self.paths = paths
    isUnrestricted = model.isUnrestricted
    let naming = ["linux", "linux16", "linuxefi", "initrd", "initrd16", "initrdefi", "echo"]
    preparation = model.body.filter { line in
      guard let first = GrubWords(line).words.first else { return false }
      return !naming.contains(first) && first != "save_env" && first != "savedefault"
        && !line.contains(Self.triedName)
    }
  }

  var program: String {
    """
    #!/bin/sh
    # Made by Pawl for the time of a plan; `pawl rollback` takes it away. It keeps a kernel that is known
    # to boot as the first entry and as the default: see \(PawlEntries.path).
    exec cat <<'END_OF_PAWL'
    \(text)
    END_OF_PAWL

    """
  }

  /// What the program prints, without its last newline. GRUB takes no name for what it starts when an
  /// entry cannot be loaded, and the fallback is the first one.
  var text: String {
    let choice = """
      if [ "${boot_once}" != "true" ]; then
        set default=\(GrubWords.quoted(entries.chosen.id))
      fi
      set fallback=0
      """
    return ([choice] + entries.own.map(menuEntry)).joined(separator: "\n")
  }

  private func menuEntry(_ entry: BootEntry) -> String {
    let isTrial = entry.id == PawlEntries.trialID
    var lines = [
      "menuentry \(GrubWords.quoted(entry.title)) --class gnu-linux --class os "
        + (isUnrestricted ? "--unrestricted " : "") + "--id \(entry.id) {"
    ]
    if isTrial, let token = entries.token {
      lines += [
        "\tset \(Self.triedName)=\(GrubWords.quoted(token))", "\tsave_env \(Self.triedName)",
      ]
    }
    lines += preparation
    let image = paths.seenByLoader(entry.image)
    let words = Self.words(entry.commandLine).map(GrubWords.quoted)
    lines.append((["\tlinux\t" + GrubWords.quoted(image)] + words).joined(separator: " "))
    let initrds = entry.initrds.map { GrubWords.quoted(paths.seenByLoader($0)) }
    if !initrds.isEmpty { lines.append("\tinitrd\t" + initrds.joined(separator: " ")) }
    return (lines + ["}"]).joined(separator: "\n")
  }

  /// As the kernel splits them; the quotes are GRUB's to set again.
  private static func words(_ commandLine: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in commandLine {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}

extension GrubWords {
  /// A word as a GRUB script has to hold it: plain where nothing in it means anything to GRUB.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-_./:=,+@%".utf8.contains(byte)
    }
    if isPlain, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}
