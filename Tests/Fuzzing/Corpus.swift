import Foundation
import Glibc

/// Inputs worth mutating: each made the reader say something new.
public struct Corpus {
  public private(set) var inputs: [[UInt8]]
  public private(set) var messages: Set<String> = []

  public init(_ inputs: [[UInt8]]) { self.inputs = inputs }

  @discardableResult
  public mutating func learn(_ bytes: [UInt8], _ said: Set<String>) -> Bool {
    guard !said.isSubset(of: messages) else { return false }
    messages.formUnion(said)
    if inputs.count < 2000, bytes.count < 1 << 14 { inputs.append(bytes) }
    return true
  }

  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}

/// Figures while it runs, and at its end.
public struct Progress {
  private let started = ContinuousClock.now
  private let end: ContinuousClock.Instant
  private var executions = 0
  public private(set) var slowest = (time: Duration.zero, bytes: [UInt8]())
  private var nextLine = 10

  public init(seconds: Int) { end = started + .seconds(seconds) }

  public var goesOn: Bool { ContinuousClock.now < end }

  private var elapsed: Double { (ContinuousClock.now - started) / .seconds(1) }

  public mutating func count(_ time: Duration, _ bytes: [UInt8], _ corpus: Corpus) {
    executions += 1
    if time > slowest.time { slowest = (time, bytes) }
    guard executions % 64 == 0, Int(elapsed) >= nextLine else { return }
    nextLine += 10
    report(corpus)
  }

  public func report(_ corpus: Corpus) {
    let rate = Int(Double(executions) / max(elapsed, 0.001))
    print(
      "\(Int(elapsed)) s: \(executions) executions, \(rate)/s, \(corpus.messages.count) messages, "
        + "\(corpus.inputs.count) inputs kept, slowest \(slowest.time) (\(slowest.bytes.count) bytes)"
    )
    fflush(nil)
  }
}
