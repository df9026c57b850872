import Foundation
import PawlModel

extension EntryFileLoader {
  // MARK: - Entries and choice

  func write(_ wanted: PawlEntries?, with tool: Tool) throws {
    if wanted?.trial == nil, try oneShot() == PawlEntries.trialID { try clearOneShot(with: tool) }
    guard let wanted else { return try withdraw(tool) }
    try MenuCheck.requireTokens(wanted)
    try wanted.own.forEach(requireReadable)
    try requireOneNameEach(wanted)
    let partition = try partitions.requireForEntries()
    try rememberDefault()
    // Whatever is chosen is on the disk before it is chosen, and no longer chosen before it goes.
    for entry in wanted.own {
      let text = try TypeOneEntry.text(entry, volume: partition)
      try files.put(Array(text.utf8), at: file(of: entry.id, on: partition))
    }
    try files.sync(partition.mountPoint)
    try choose(loaderID(wanted.chosen.id), tool)
    if wanted.trial == nil { try files.remove(file(of: PawlEntries.trialID, on: partition)) }
    try verify(wanted)
  }

  private func withdraw(_ tool: Tool) throws {
    let partition = try partitions.requireForEntries()
    let former = try formerDefault()
    if let former {
      try choose(former.entry, tool)
    } else if try isOwn(variables.requireString("LoaderEntryDefault")) {
      try choose(nil, tool)
    }
    for id in [PawlEntries.trialID, PawlEntries.fallbackID] {
      try files.remove(file(of: id, on: partition))
    }
    try files.sync(partition.mountPoint)
    if let left = try entryFiles().first(where: \.isOwn) {
      throw PawlError(
        .refused, "The entry \(left.path) carries a name of Pawl's, and was not made by it.",
        hint: "Remove it, then try again.")
    }
    try files.remove(Self.formerDefault)
  }

  func verify(_ wanted: PawlEntries) throws {
    try requireOneNameEach(wanted)
    if let preferred = try preferred() {
      throw PawlError(
        .refused, "\(name) prefers the entry \(preferred), whatever the default is.",
        hint: "Take that back: bootctl set-preferred \"\", and `preferred` in loader.conf.")
    }
    let menu = try menu()
    try MenuCheck(
      loader: name, entries: entryFiles().map(\.entry), first: menu.first?.id,
      chosen: plainChoice(),
      isStartable: files.isStartable
    ).require(wanted)
  }

  /// `foo+3.conf` beside `foo.conf` is the same entry twice: blessing the one replaces the other,
  /// and a name with a counter changes with every boot, so that it cannot be chosen.
  private func requireOneNameEach(_ wanted: PawlEntries) throws {
    let all = try entryFiles()
    for id in wanted.own.map(\.id) + [wanted.chosen.id] {
      let found = all.filter { $0.id == id }
      if found.count > 1 {
        throw PawlError(
          .refused,
          "The entry \(id) is there \(found.count) times: "
            + found.map(\.path).joined(separator: ", ") + ".",
          hint: "Remove all but the one without a counter of boots, then try again.")
      }
      if let counted = found.first(where: { $0.file.triesLeft != nil }) {
        throw PawlError(
          .refused,
          "The name of \(counted.path) has a counter of boots, and changes with every boot "
            + "until systemd-bless-boot takes the counter away.",
          hint: "Rename it to \(counted.file.id), and remove /etc/kernel/tries.")
      }
    }
  }

  // MARK: - The default, by the firmware

  private func isOwn(_ loaderID: String?) -> Bool {
    loaderID.flatMap(folder.ownNames.id) != nil
  }

  private func formerDefault() throws -> FormerDefault? {
    guard let (bytes, _) = try files.read(Self.formerDefault) else { return nil }
    guard let former = try? JSONDecoder().decode(FormerDefault.self, from: Data(bytes)) else {
      throw PawlError(
        .refused,
        "\(Self.formerDefault) is damaged: what \(name) started before Pawl came is not "
          + "known.",
        hint: "Choose an entry (bootctl set-default ID, or \"\" for none), then remove the file.")
    }
    return former
  }

  /// Once: what stands there later is Pawl's own choice.
  private func rememberDefault() throws {
    guard try formerDefault() == nil else { return }
    let present = try variables.requireString("LoaderEntryDefault")
    let former = FormerDefault(entry: isOwn(present) ? nil : present)
    let bytes = try JSONEncoder().encode(former)
    try files.put(Array(bytes) + [UInt8(ascii: "\n")], at: Self.formerDefault)
  }

  private func choose(_ id: String?, _ tool: Tool) throws {
    try set("LoaderEntryDefault", to: id, by: "set-default", tool)
  }

  private func set(_ variable: String, to value: String?, by verb: String, _ tool: Tool) throws {
    guard try variables.requireString(variable) != value else { return }
    try tool.run(["bootctl", verb, value ?? ""])
    let found = try variables.requireString(variable)
    guard found == value else {
      throw PawlError(
        .stepFailed,
        "bootctl \(verb) ended well, but \(variable) is \(found ?? "not set") and not "
          + "\(value ?? "gone").", hint: "Is the firmware's memory for variables full?")
    }
  }

  // MARK: - Once

  func oneShot() throws -> String? {
    guard let value = try variables.requireString("LoaderEntryOneShot"), !value.isEmpty else {
      return nil
    }
    return folder.ownNames.id(of: value.lowercased()) ?? value
  }

  func setOneShot(_ id: String, with tool: Tool) throws {
    guard try menu().contains(where: { $0.id == id }) else {
      throw PawlError(
        .refused, "\(name) has no entry \(id) to start once.", hint: "bootctl list shows all.")
    }
    try set("LoaderEntryOneShot", to: loaderID(id), by: "set-oneshot", tool)
  }

  func clearOneShot(with tool: Tool) throws {
    try set("LoaderEntryOneShot", to: nil, by: "set-oneshot", tool)
  }
}

private struct FormerDefault: Codable { var entry: String? }
