import PawlModel

/// The key that DKMS signs modules with, and whether the firmware knows it. (dkms.in, prepare_signing;
/// shim's MokVars.txt; kernel: efi/mokvar-table.c)
public struct ModuleSigningKey: Sendable, Equatable {
  public enum Standing: Sendable, Equatable {
    case enrolled
    /// `mokutil --import` was done; a person at the console has to confirm it at the next start.
    case requested
    case unknown
  }

  /// The certificate, DER.
  public let certificate: String
  /// nil where the certificate is not made yet: DKMS makes one when it first signs.
  public let standing: Standing?

  public static func ofDKMS(root: HostRoot) -> ModuleSigningKey {
    let path = certificatePath(root: root)
    guard let bytes = root.read(path, limit: 1 << 16).value, !bytes.isEmpty else {
      return ModuleSigningKey(certificate: path, standing: nil)
    }
    return ModuleSigningKey(certificate: path, standing: standing(of: bytes, root: root))
  }

  private static func certificatePath(root: HostRoot) -> String {
    let folder = "/etc/dkms/framework.conf.d"
    let files =
      ["/etc/dkms/framework.conf"] + (root.list(folder).value ?? []).map { "\(folder)/\($0)" }
    let set = files.filter { $0.hasSuffix(".conf") }.compactMap {
      setting(in: root.text($0).value ?? "")
    }
    let isUbuntu = OperatingSystem.detect(root: root).value?.id == "ubuntu"
    return set.last ?? (isUbuntu ? "/var/lib/shim-signed/mok/MOK.der" : "/var/lib/dkms/mok.pub")
  }

  /// A plain `mok_certificate=PATH`; what bash would put together is nobody's to guess.
  private static func setting(in text: String) -> String? {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingWhitespace() }
    let values = lines.filter { $0.hasPrefix("mok_certificate=") }.map { line in
      line.dropFirst("mok_certificate=".count).filter { $0 != "\"" && $0 != "'" }
    }
    return values.last { $0.hasPrefix("/") && !$0.contains("$") }
  }

  private static func standing(of certificate: [UInt8], root: HostRoot) -> Standing {
    if known(root: root).contains(where: { $0.holds(certificate) }) { return .enrolled }
    let request = EFIVariables(root: root).bytes("MokNew", of: EFIVariables.shimVendor).value ?? []
    return request.holds(certificate) ? .requested : .unknown
  }

  /// The lists whose keys the kernel takes: shim's own, as it was at this start, and the firmware's.
  private static func known(root: HostRoot) -> [[UInt8]] {
    let variables = EFIVariables(root: root)
    return [
      root.read(EnrolledKeys.ownerList, limit: 4 << 20).value,
      variables.bytes("MokListRT", of: EFIVariables.shimVendor).value,
      variables.bytes("db", of: EnrolledKeys.databaseVendor).value,
    ].compactMap(\.self)
  }

  /// Throws `refused` where DKMS would go on without a signature, and the kernel take nothing of it then.
  public func requireMakeable(below root: HostRoot) throws(PawlError) {
    guard standing == nil, !root.hasProgram("openssl") else { return }
    throw PawlError(
      .refused,
      "Secure Boot is on, and DKMS has no key to sign with: it makes one by openssl, which is not "
        + "installed.", hint: "Install openssl, then plan again.")
  }

  /// Throws `needsPerson` with what a person has to do at the machine; nothing where nothing is.
  public func requireEnrolled() throws(PawlError) {
    // Longer, and the first words would be lost: what a step said last is kept up to 400 characters.
    let atConsole =
      "At the blue screen on the machine's own console: any key within 10 s, Enroll MOK, Continue, "
      + "Yes, the password that was set, Reboot. Then: pawl resume"
    switch standing {
    case .enrolled: return
    case .requested:
      throw PawlError(
        .needsPerson, "The key \(certificate) waits for a person to enrol it at the next start.",
        hint: "Restart this host. \(atConsole)")
    case .unknown, nil:
      throw PawlError(
        .needsPerson,
        "The firmware does not know the key \(certificate): with Secure Boot on, what is signed with "
          + "it does not load.",
        hint:
          "As root: mokutil --import \(certificate), with a password for one use; then restart. "
          + atConsole)
    }
  }
}

extension [UInt8] {
  /// Certificates stand whole in a signature list. (UEFI specification, 32.4.1)
  fileprivate func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first, count >= part.count else { return false }
    return (0...(count - part.count)).contains { start in
      self[start] == first && self[start..<(start + part.count)].elementsEqual(part)
    }
  }
}
