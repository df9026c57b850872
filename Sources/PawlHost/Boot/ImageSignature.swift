import Foundation
import PawlModel

/// Whether a kernel's image is signed by a key that is enrolled on this host, so that a firmware which checks would
/// start it.
struct ImageSignature {
  enum Standing: Equatable {
    case notSigned
    case known
    case unknown
    case cannotTell(String)
  }

  let root: HostRoot
  /// Whether an image has a signature that a certificate (a file, PEM) stands for: both are paths of the running
  /// system.
  let verifies: (_ image: String, _ certificate: String) -> Reading<Bool>

  /// `place`: below which the image lies.
  func standing(of path: String, below place: HostRoot) -> Standing {
    guard let bytes = place.read(path, limit: 1 << 28).value else {
      return .cannotTell("\(path) cannot be read")
    }
    guard Self.isSigned(bytes) else { return .notSigned }
    let keys = EnrolledKeys(root: root).certificates
    guard !keys.isEmpty else { return .cannotTell("the keys that are enrolled cannot be read") }
    do {
      return try PrivateFolder.with { folder in
        for (number, key) in keys.enumerated() {
          try folder.write(Self.armored(key), at: "\(number).pem")
          switch verifies(place.path(path), "\(folder.path)/\(number).pem") {
          case .present(true): return .known
          case .present(false), .absent: continue
          case .unreadable(let reason): return .cannotTell(reason)
          }
        }
        return .unknown
      }
    } catch { return .cannotTell(String(describing: error)) }
  }

  /// That there is a certificate table at all. (Microsoft: PE Format, "Optional Header Data Directories")
  static func isSigned(_ image: [UInt8]) -> Bool {
    guard image.count > 0x40, image.starts(with: "MZ".utf8) else { return false }
    let header = image.word(0x3c)
    guard header > 0, header + 200 < image.count,
      image[header..<(header + 4)].elementsEqual([0x50, 0x45, 0, 0])
    else { return false }
    let optional = header + 24
    let isWide = Int(image[optional]) | Int(image[optional + 1]) << 8 == 0x20b
    return image.word(optional + (isWide ? 112 : 96) + 4 * 8 + 4) > 0
  }

  private static func armored(_ certificate: [UInt8]) -> String {
    let text = Data(certificate).base64EncodedString(options: [
      .lineLength64Characters, .endLineWithLineFeed,
    ])
    return "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
  }

  /// By sbverify(1), of sbsigntools.
  static func sbverify(_ image: String, _ certificate: String) -> Reading<Bool> {
    guard HostRoot.live.hasProgram("sbverify") else {
      return .unreadable(
        "the program sbverify is not installed (package sbsigntool, or sbsigntools)")
    }
    return ToolOutput.live(processes: LiveHost())
      .text(["sbverify", "--cert", certificate, image], accepting: [0, 1])
      .map { $0.contains("Signature verification OK") }
  }
}
