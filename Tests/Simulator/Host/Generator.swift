import PawlModel

/// How a program makes a file from what it finds.
enum Generator: Hashable {
  /// A file that repeats another.
  case list(of: String)
  case entries(SimulatedEntries.Change)
  /// Pawl's part of the menu, from `entries.json`.
  case fragment
  /// The same; where nothing is wanted it stays as it is.
  case keptFragment
  /// The whole menu, as `grub-mkconfig` makes it.
  case menu
  /// The menu as it is, with Pawl's part in it made anew.
  case menuInPlace

  enum Product: Hashable {
    case bytes([UInt8])
    case nothing
    /// The program ends badly.
    case refused
  }

  func product(in world: World) -> Product {
    switch self {
    case .list(let source):
      return .bytes(Array("made of:\n".utf8) + (world.disk[source]?.bytes ?? []))
    case .entries(let change): return world.wanted(after: change)
    case .keptFragment where world.wantedEntries == .some(nil):
      return world.disk[SimulatedMenu.fragment].map { .bytes($0.bytes) } ?? .nothing
    case .fragment, .keptFragment:
      switch world.wantedEntries {
      case .some(.some(let wanted)): return .bytes(SimulatedMenu(wanted: wanted).bytes)
      case .some(nil): return .nothing
      case nil: return .refused
      }
    case .menu:
      let own = world.disk[SimulatedMenu.fragment].flatMap { SimulatedMenu($0.bytes) }
      return .bytes(SimulatedMenu(kernelsOf: world.disk).with(own: own).bytes)
    case .menuInPlace: return world.menuInPlace
    }
  }

  /// Whether a file is what this would make of what is there now.
  func made(_ node: SimulatedDisk.Node?, in world: World) -> Bool {
    switch product(in: world) {
    case .bytes(let bytes): node.map { Self.withoutRemarks($0.bytes) == bytes } ?? false
    case .nothing: node == nil
    case .refused: false
    }
  }

  /// Others leave a line of their own when they make a file anew.
  private static func withoutRemarks(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.first == UInt8(ascii: "#") else { return bytes }
    return bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false
    )
    .last.map(Array.init) ?? []
  }
}

extension World {
  /// nil where `entries.json` cannot be read; nil inside where it is not there.
  var wantedEntries: SimulatedEntries?? {
    guard let node = disk[SimulatedEntries.path] else { return .some(nil) }
    guard let entries = SimulatedEntries(node.bytes) else { return nil }
    return .some(entries)
  }

  var menu: SimulatedMenu? {
    guard let node = disk[SimulatedMenu.path] else { return nil }
    // It is looked at after every event, and seldom another one.
    if let read = menuRead, read.digest == node.digest { return read.menu }
    let menu = SimulatedMenu(node.bytes)
    menuRead = (node.digest, menu)
    return menu
  }

  fileprivate var menuInPlace: Generator.Product {
    guard let fragment = disk[SimulatedMenu.fragment] else {
      // Nothing of Pawl's is wanted: a menu without it is left as it is.
      guard let node = disk[SimulatedMenu.path], let menu = SimulatedMenu(node.bytes),
        !menu.entries.contains(where: \.isOwn)
      else { return Generator.menu.product(in: self) }
      return .bytes(node.bytes)
    }
    guard let own = SimulatedMenu(fragment.bytes), let menu else { return .refused }
    return .bytes(menu.with(own: own).bytes)
  }

  fileprivate func wanted(after change: SimulatedEntries.Change) -> Generator.Product {
    guard let present = wantedEntries else { return .refused }
    switch change {
    case .pin(let kept):
      guard release == kept, present?.trial == nil else { return .refused }
      return .bytes(SimulatedEntries(fallback: SimulatedEntries.copy(of: kept)).bytes)
    case .trial(let new, let token):
      let image = "/boot/vmlinuz-\(new)"
      guard var wanted = present, menu?.entries.contains(where: { $0.image == image }) == true
      else { return .refused }
      wanted.trial = SimulatedEntries.Trial(image: image, token: token)
      if promotesEarly { wanted.promoted = new }
      return .bytes(wanted.bytes)
    case .promote(let new):
      guard var wanted = present else { return .refused }
      if wanted.promoted == nil {
        guard wanted.trial != nil else { return .refused }
        wanted.promoted = new
        wanted.trial = nil
      }
      return .bytes(wanted.bytes)
    }
  }

  /// As the programs' own checks look at it.
  func holds(_ change: SimulatedEntries.Change) -> Bool {
    guard let present = wantedEntries, let wanted = present, let menu else { return false }
    guard menu == menu.with(own: SimulatedMenu(wanted: wanted)) else { return false }
    switch change {
    case .pin(let kept):
      return wanted.fallback == SimulatedEntries.copy(of: kept) && wanted.promoted == nil
    case .trial(_, let token): return wanted.trial?.token == token
    case .promote(let new): return wanted.promoted == new
    }
  }
}

extension ProgramModel.Deed {
  private static func made(_ path: String, _ generator: Generator) -> Self {
    .make(path: path, by: generator, carefully: true)
  }

  /// In the order in which `MenuChange` and the loader's adapter write.
  private static var menuOfWanted: [Self] { menu(.fragment) }

  private static func menu(_ fragment: Generator) -> [Self] {
    [made(SimulatedMenu.fragment, fragment), made(SimulatedMenu.path, .menuInPlace)]
  }

  static func pin(_ release: String) -> [Self] {
    let copy = SimulatedEntries.copy(of: release)
    return [
      .copy(from: "/boot/vmlinuz-\(release)", to: copy),
      made(SimulatedEntries.path, .entries(.pin(release))),
    ] + menuOfWanted
  }

  static func addTrial(_ release: String, token: String) -> [Self] {
    [
      made(SimulatedMenu.path, .menu),
      made(SimulatedEntries.path, .entries(.trial(release, token: token))),
    ] + menuOfWanted
  }

  static func promote(_ release: String) -> [Self] {
    [made(SimulatedEntries.path, .entries(.promote(release)))] + menuOfWanted
  }

  static var applyMenu: [Self] {
    [.clearOneShot] + menuOfWanted + [.removeCopies(evenIfNoneIsWanted: true)]
  }

  /// While the new kernel is still installed, the pin goes for nobody who takes `entries.json` away.
  static var applyMenuWithoutKernel: [Self] {
    [.clearOneShot] + menu(.keptFragment) + [.removeCopies(evenIfNoneIsWanted: false)]
  }
}
