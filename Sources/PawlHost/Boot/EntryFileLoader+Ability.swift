import PawlModel

extension EntryFileLoader {
  func oneShotAbility() -> OneShotAbility {
    guard let partition = partitions.systemPartition else {
      return .unable(["No EFI system partition with \(name) on it is mounted."])
    }
    let sentences =
      variables.obstacles() + loaderObstacles(partition) + choiceObstacles() + programObstacles()
    return sentences.isEmpty ? .able : .unable(sentences)
  }

  /// Who started this boot is who will start the next one.
  private func loaderObstacles(_ partition: LoaderVolume) -> [String] {
    guard let info = variables.string("LoaderInfo").value else {
      return [
        "Nothing tells that \(name) started this boot: there is no variable LoaderInfo."
      ]
    }
    if let why = unknown(info) { return [why] }
    var sentences: [String] = []
    let features = variables.number("LoaderFeatures").value ?? 0
    if features & entryDefault == 0 {
      sentences.append(
        "\(info) does not say that it takes a default from the firmware's variables.")
    }
    if features & entryOneShot == 0 {
      sentences.append("\(info) does not say that it can start an entry once (LoaderFeatures).")
    }
    let used = variables.string("LoaderDevicePartUUID").value?.lowercased()
    let found = partitions.property("ID_PART_ENTRY_UUID", of: partition)
    if let used, let found, used != found {
      sentences.append(
        "\(info) was started from another partition (\(used)) than the one that is mounted at "
          + "\(partition.mountPoint) (\(found)).")
    }
    return sentences
  }

  private func choiceObstacles() -> [String] {
    var sentences: [String] = []
    if waitsForPerson {
      sentences.append(
        "The menu waits for a person at every boot (timeout menu-force): the host would not come "
          + "back by itself.")
    }
    if let preferred = (try? preferred()) ?? nil {
      sentences.append("The entry \(preferred) is preferred, whatever the default is.")
    }
    if let policy = sealingPolicies.first(where: root.exists) {
      sentences.append(
        "The key of a disk is sealed to what the boot loader measures (\(policy)): an entry of Pawl's is "
          + "not among it, and the host would wait for a recovery key.")
    }
    return sentences
  }

  private func programObstacles() -> [String] {
    ["bootctl", folder.maker.program].filter { name in
      !["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].contains { root.exists($0 + name) }
    }.map { "The program \($0) is missing." }
  }
}

/// Of systemd-pcrlock(8), and of pcr-oracle as sdbootutil calls it.
private let sealingPolicies = [
  "/var/lib/systemd/pcrlock.json", "/etc/systemd/tpm2-pcr-public-key.pem",
]

/// Bits of LoaderFeatures (docs/BOOT_LOADER_INTERFACE.md).
private let entryDefault: UInt64 = 1 << 2
private let entryOneShot: UInt64 = 1 << 3
