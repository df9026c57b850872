import Foundation
import GRDB
import PawlModel

/// Values of a row that may have been edited by anybody: what does not fit is an error, where
/// GRDB's own subscripts would end the process.
extension Row {
  func int(_ index: Int) throws -> Int64 { try decode(Int64.self, atIndex: index) }
  func text(_ index: Int) throws -> String { try decode(String.self, atIndex: index) }
  func optionalInt(_ index: Int) throws -> Int64? { try decode(Int64?.self, atIndex: index) }
  func optionalText(_ index: Int) throws -> String? { try decode(String?.self, atIndex: index) }

  func bytes(_ index: Int) throws -> [UInt8] {
    try withUnsafeData(atIndex: index) { data in
      guard let data else { throw wrong(index) }
      return [UInt8](data)
    }
  }

  func digest(_ index: Int) throws -> Digest {
    guard let digest = Digest(hex: try text(index)) else { throw wrong(index) }
    return digest
  }

  func optionalDigest(_ index: Int) throws -> Digest? {
    try optionalText(index) == nil ? nil : digest(index)
  }

  func stamp(wall: Int, bootID: Int, boot: Int) throws -> Stamp {
    Stamp(wallMillis: try int(wall), bootID: try text(bootID), bootMillis: try int(boot))
  }

  func word<Word: RawRepresentable>(_ index: Int) throws -> Word where Word.RawValue == String {
    guard let word = Word(rawValue: try text(index)) else { throw wrong(index) }
    return word
  }

  func wrong(_ index: Int) -> PawlError {
    PawlError(
      .damagedJournal, "A row of the journal has no usable value in its column \(index).",
      hint: "Run `pawl history verify` to see which one.")
  }
}
