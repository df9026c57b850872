import PawlModel

/// Told to everybody who is logged in, right before the host goes down: wall(1). Where that cannot
/// be run, the host is restarted all the same.
public struct RestartWarning {
  private let tool: ToolOutput

  public init(tool: ToolOutput) { self.tool = tool }

  init(processes: any HostProcesses) { tool = .live(processes: processes) }

  /// False where nobody could be told.
  @discardableResult
  public func send(_ message: String) -> Bool {
    let text = "Pawl restarts this host now: \(HostText.line(message, limit: 300))"
    return tool.text(["wall", text], seconds: 10).value != nil
  }
}
