import PawlModel

/// Alpine's update-extlinux makes the whole menu anew whenever a kernel comes or goes. What Pawl wrote into the
/// menu is in a file for it, too, marks and all: what is to be started once is still there then, and the way back
/// is still the default. It would not be the first entry any more, which is put right before the next restart.
extension Extlinux {
  func layFragment(_ file: ExtlinuxFile) throws {
    guard let fragment = place.fragment else { return }
    let wanted = file.ownBytes
    if wanted.isEmpty { return try files.remove(fragment) }
    if try files.read(fragment)?.bytes == wanted { return }
    try files.put(wanted, at: fragment)
    try files.sync(fragment)
  }

  func requireFragment() throws {
    guard let fragment = place.fragment else { return }
    guard try files.read(fragment)?.bytes == readFile().file.ownBytes else {
      throw PawlError(
        .refused,
        "\(fragment) is not as Pawl wants it: update-extlinux would make a menu without Pawl's entries, and "
          + "may leave extlinux at its prompt.",
        hint: "Find out what changed it. Pawl makes it right when it writes the menu again.")
    }
  }
}
