import PawlModel

/// Services that failed, as the init system of this host tells.
struct FailedUnits {
  let root: HostRoot
  let tool: ToolOutput?

  /// Sorted; nil where no init system that Pawl knows runs, or where it does not answer.
  var names: [String]? {
    guard let tool else { return nil }
    // As sd_booted(3) and rc-service(8) tell it.
    if root.exists("/run/systemd/system") { return systemd(tool) }
    if root.exists("/run/openrc") { return openRC(tool) }
    return nil
  }

  private func systemd(_ tool: ToolOutput) -> [String]? {
    tool.text([
      "systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--no-pager",
    ]).value.map { Self.units($0) }
  }

  /// `rc-status --crashed` prints one name a line, and ends with 1 where there is none. A service
  /// that did not even start is not crashed: it stands in the folder of the failed ones.
  private func openRC(_ tool: ToolOutput) -> [String]? {
    let failed = root.list("/run/openrc/failed").value ?? []
    return tool.text(["rc-status", "--crashed"], accepting: [0, 1]).value
      .map { Set(Self.services($0) + failed).sorted() }
  }

  /// UNIT LOAD ACTIVE SUB DESCRIPTION; a warning among them is no unit.
  private static func units(_ text: String) -> [String] {
    let names = text.split(separator: "\n").compactMap { line -> String? in
      let words = line.words().drop { $0 == "●" || $0 == "*" }
      guard words.count >= 4, words.dropFirst(2).first == "failed" else { return nil }
      return words.first
    }
    return Set(names).sorted()
  }

  private static func services(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.words() }.filter { $0.count == 1 }.flatMap { $0 }
  }
}
