/// A `grub.cfg` as `grub-mkconfig` puts it together: what each program of `/etc/grub.d` printed, between
/// two lines that name it. Pawl's own part can be changed in place, with everything else left byte for
/// byte as it booted before: nothing that waits in /etc/default/grub gets into the menu unseen.
enum GrubSections {
  /// The menu with this as what Pawl's program prints, in the place where `grub-mkconfig` would put
  /// it; nil where the menu was not made that way.
  static func replacing(own: String, in menu: String) -> String? {
    let section =
      "\n\(mark("BEGIN", GrubFragment.path))\n\(own)\n\(mark("END", GrubFragment.path))\n"
    if let range = ownRange(in: menu) {
      return menu[..<range.lowerBound] + section + menu[range.upperBound...]
    }
    guard let next = firstAfterOwn(in: menu) else { return nil }
    return menu[..<next] + section + menu[next...]
  }

  /// The menu as it was before Pawl's part came into it; nil where that is not there.
  static func withoutOwn(_ menu: String) -> String? {
    ownRange(in: menu).map { String(menu[..<$0.lowerBound] + menu[$0.upperBound...]) }
  }

  private static func mark(_ word: String, _ path: String) -> String { "### \(word) \(path) ###" }

  private static func ownRange(in menu: String) -> Range<String.Index>? {
    guard let begin = menu.firstRange(of: "\n\(mark("BEGIN", GrubFragment.path))\n"),
      let end = menu.firstRange(of: "\n\(mark("END", GrubFragment.path))\n"),
      begin.lowerBound < end.lowerBound
    else { return nil }
    return begin.lowerBound..<end.upperBound
  }

  /// Where the first section begins whose program comes after Pawl's own, the empty line before it
  /// included.
  private static func firstAfterOwn(in menu: String) -> String.Index? {
    let start = "\n### BEGIN /etc/grub.d/"
    for range in menu.ranges(of: start) {
      let name = menu[range.upperBound...].prefix { $0 != " " }
      if name > "09_pawl" { return range.lowerBound }
    }
    return nil
  }
}
