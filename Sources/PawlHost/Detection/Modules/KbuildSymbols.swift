/// Which CONFIG symbol builds a module, from the Kbuild files of a source tree.
///
/// Looked up by path, never by name alone: `overlay` is `OVERLAY_FS` in `fs/overlayfs` and
/// `OF_OVERLAY` in `drivers/of`. Only the files of the module's own folder and those above it are
/// read, each once.
public struct KbuildSymbols: Sendable {
  private let tree: String
  private var assignments: [String: [Assignment]] = [:]

  private struct Assignment: Sendable {
    /// What stands before the `-`: `obj`, or a variable such as `infiniband`.
    let list: String
    /// The last `CONFIG_` symbol of the condition; nil for `obj-y` and `obj-m`.
    let symbol: String?
    let objects: Set<String>
  }

  /// - Parameter tree: the root of the source tree on this machine's disk.
  public init(tree: String) { self.tree = tree }

  /// The symbol that builds the module at `path`, which is relative to the kernel's module folder
  /// (`kernel/fs/overlayfs/overlay.ko.xz`) or to the tree (`fs/overlayfs/overlay`); nil when the
  /// Kbuild files do not say.
  public mutating func symbol(ofModule path: String) -> String? {
    var parts = path.split(separator: "/").map(String.init)
    if parts.first == "kernel", path.contains(".ko") { parts.removeFirst() }
    guard let file = parts.popLast() else { return nil }
    let stem = file.prefix { $0 != "." }
    return symbol(of: "\(stem).o", in: parts)
  }

  private mutating func symbol(of object: String, in folder: [String]) -> String? {
    var below = object
    var parts = folder
    while true {
      if let hit = find(below, in: parts.joined(separator: "/")) {
        if let symbol = hit.symbol { return symbol }
        // `obj-y`: what decides is the line that enters the folder.
        guard let name = parts.last else { return nil }
        return symbol(of: name + "/", in: Array(parts.dropLast()))
      }
      guard let name = parts.popLast() else { return nil }
      below = "\(name)/\(below)"
    }
  }

  private mutating func find(_ object: String, in folder: String) -> Assignment? {
    let lines = read(folder)
    return lines.first { $0.list == "obj" && $0.symbol != nil && $0.objects.contains(object) }
      ?? lines.first { $0.list != "obj" && $0.symbol != nil && $0.objects.contains(object) }
      ?? lines.first { $0.list == "obj" && $0.objects.contains(object) }
  }

  private mutating func read(_ folder: String) -> [Assignment] {
    if let known = assignments[folder] { return known }
    var found: [Assignment] = []
    for name in ["Kbuild", "Makefile"] {
      let place = folder.isEmpty ? "\(tree)/\(name)" : "\(tree)/\(folder)/\(name)"
      if let bytes = PathReader.read(place, limit: 4 << 20).value {
        found += Self.parse(bytes.lines())
      }
    }
    assignments[folder] = found
    return found
  }

  private static func parse(_ lines: [String]) -> [Assignment] {
    var found: [Assignment] = []
    var index = 0
    while index < lines.count {
      var line = lines[index]
      while line.hasSuffix("\\"), index + 1 < lines.count {
        index += 1
        line = line.dropLast() + " " + lines[index]
      }
      index += 1
      if let assignment = parse(line) { found.append(assignment) }
    }
    return found
  }

  /// Reads `obj-$(CONFIG_X) += a.o b/`, also with `$(subst m,y,$(CONFIG_X))` as the condition.
  private static func parse(_ line: String) -> Assignment? {
    guard let equals = line.firstIndex(of: "="), !line.hasPrefix("\t") else { return nil }
    let left = line[..<equals].trimmingWhitespace()
    guard let dash = left.firstIndex(of: "-") else { return nil }
    let condition = left[left.index(after: dash)...]
    let symbol = lastSymbol(condition)
    guard symbol != nil || condition.hasPrefix("y") || condition.hasPrefix("m") else { return nil }
    let right = line[line.index(after: equals)...].prefix { $0 != "#" }
    return Assignment(
      list: String(left[..<dash]), symbol: symbol, objects: Set(right.words()))
  }

  private static func lastSymbol(_ text: Substring) -> String? {
    let mark = "CONFIG_"
    guard let range = text.ranges(of: mark).last else { return nil }
    let name = text[range.upperBound...].prefix {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")
    }
    return name.isEmpty ? nil : String(name)
  }
}
