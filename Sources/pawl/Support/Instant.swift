import Foundation
import PawlModel

/// Wall-clock times as people write and read them, in UTC.
enum Instant {
  static func text(_ millis: Int64) -> String {
    Date(timeIntervalSince1970: Double(millis) / 1000).formatted(.iso8601)
  }

  /// Milliseconds since 1970 of a day or an instant; nil for nil.
  static func millis(_ text: String?) throws -> Int64? {
    guard let text else { return nil }
    let whole = text.contains("T") ? text : text + "T00:00:00Z"
    guard let date = try? Date(whole, strategy: .iso8601) else {
      throw PawlError(
        .usage, "\"\(text)\" is no day and no instant.",
        hint: "Write 2026-11-23 or 2026-11-23T14:00:00Z.")
    }
    return Int64(date.timeIntervalSince1970 * 1000)
  }
}
