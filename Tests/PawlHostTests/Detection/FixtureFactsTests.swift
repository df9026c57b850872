import FixtureHosts
import Foundation
import Testing

@testable import PawlHost

@Suite("What detect says of every platform")
struct FixtureFactsTests {
  /// `key.of.the.json TAB value TAB where that is known from`, one a line, written by hand.
  private func facts(_ name: String) throws -> [[String]] {
    let file = FixtureHosts.fixtures.appending(path: "facts/\(name).tsv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test(
    "the facts of a host, written by hand from the sources, are what detect finds",
    arguments: FixtureHosts.names)
  func facts(of name: String) throws {
    let json = try FixtureHosts.json(name)
    let facts = try facts(name)
    #expect(facts.count >= 10, "ten facts a host")
    for fact in facts {
      try #require(fact.count == 3, "\(fact)")
      let found = JSONValue.at(fact[0].split(separator: ".").map(String.init), in: json)
      #expect(found == fact[1], "\(fact[0]) is \(found ?? "not there"), not \(fact[1]): \(fact[2])")
    }
  }

  @Test("the JSON of a host is what its golden file says", arguments: FixtureHosts.names)
  func golden(of name: String) throws {
    let difference = try Golden.difference(
      FixtureHosts.report(name).json() + "\n", from: "detect/\(name).json")
    #expect(difference == nil)
  }

  @Test("the JSON of a host is of the schema in the repository", arguments: FixtureHosts.names)
  func schema(of name: String) throws {
    let file = FixtureHosts.fixtures.appending(path: "schemas/pawl.detect-1.json")
    let schema = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    #expect(JSONSchema.faults(try FixtureHosts.json(name), schema) == [])
  }

  @Test("the schema refuses what it does not know, what is missing, and what is of another kind")
  func schemaRefuses() throws {
    let schema: [String: Any] = [
      "type": "object", "required": ["a", "b"], "additionalProperties": false,
      "properties": ["a": ["type": ["string", "null"]], "b": ["enum": ["x", NSNull()]]],
    ]
    #expect(JSONSchema.faults(["a": "1", "b": "x"] as [String: Any], schema) == [])
    #expect(JSONSchema.faults(["a": NSNull(), "b": NSNull()] as [String: Any], schema) == [])
    #expect(JSONSchema.faults(["a": 1, "b": "x"] as [String: Any], schema).count == 1)
    #expect(JSONSchema.faults(["a": "1", "b": "y"] as [String: Any], schema).count == 1)
    #expect(JSONSchema.faults(["a": "1", "b": "x", "c": 1] as [String: Any], schema).count == 1)
    #expect(JSONSchema.faults(["a": "1"] as [String: Any], schema).count == 1)
  }

  @Test(
    "a kernel that another decides over is refused, with what to do instead",
    arguments: [
      ("docker", "container (docker)"), ("podman", "container (podman)"),
      ("lxc", "container (lxc)"),
      ("kubernetes-pod", "container (kubernetes)"),
      ("privileged-container", "which may load modules into that of the host"),
      ("wsl-1", "WSL 1"), ("nixos", "nixos"), ("fedora-coreos", "ostree"),
    ])
  func refused(name: String, words: String) throws {
    let host = HostDetection(root: FixtureHosts.root(name))
    let owner = try #require(KernelOwner.other(than: host))
    #expect(owner.sentence.contains(words), "\(owner.sentence)")
    #expect(!owner.instead.isEmpty)
  }

  @Test(
    "a kernel of its own is nobody else's",
    arguments: ["debian-12", "fedora-42", "arch-systemd-boot", "alpine-grub", "opensuse-bls"])
  func notRefused(name: String) {
    #expect(KernelOwner.other(than: HostDetection(root: FixtureHosts.root(name))) == nil)
  }
}
