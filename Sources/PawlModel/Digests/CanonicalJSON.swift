import Foundation

/// One byte string per value: JSON with sorted keys. Everything a step will do and rely on is
/// hashed over this form, so a field that is added to a frozen type is covered by the digest
/// without anyone having to remember it. Frozen types hold no floating point numbers.
public enum CanonicalJSON {
  /// Throws `PawlError(.damagedJournal)` where a value has no JSON form.
  public static func encode(_ value: some Encodable) throws(PawlError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(value))
    } catch {
      throw PawlError(.internalFault, "A record could not be written as JSON: \(error).")
    }
  }

  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8]
  ) throws(PawlError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw PawlError(
        .damagedJournal, "A record of the journal cannot be read as \(type): \(error).",
        hint: "Run `pawl history verify` to see which one.")
    }
  }

  /// The SHA-256 over the purpose and the canonical form: the same bytes hashed for two purposes
  /// never give the same digest.
  public static func digest(_ value: some Encodable, as purpose: String) throws(PawlError) -> Digest
  {
    var hasher = SHA256()
    hasher.update(Array("pawl.\(purpose)/1\n".utf8))
    hasher.update(try encode(value))
    return hasher.finish()
  }
}
