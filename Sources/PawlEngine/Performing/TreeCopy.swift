import PawlHost
import PawlJournal
import PawlModel

/// Copies what an earlier step made, from the manifest that was hashed when it was made.
struct TreeCopy {
  let performer: Performer

  func perform(from: String, to: String) throws -> ActResult {
    guard let manifest = Self.manifest(of: from, in: performer.plan) else {
      throw PawlError(
        .stepFailed, "No earlier step of the plan recorded what \(from) holds.",
        hint: "The recipe must name \(from) among the `outputs` of the step that makes it.")
    }
    try performer.context.host.copyTree(manifest, to: to, as: performer.step.frozen.runsAs)
    let text = "Copied \(manifest.entries.count) entries, \(manifest.byteCount) bytes, to \(to)."
    return ActResult(
      exit: ExitReport(.inProcess, millis: 0), notes: [Note(topic: "copy", text: text)])
  }

  /// What was recorded of one file among the products.
  static func digest(of file: String, in plan: PlanRecord) -> Digest? {
    for product in plan.steps.reversed().flatMap(\.products) {
      if product.root == file, product.entries.count == 1 { return product.entries[0].digest }
      guard file.hasPrefix(product.root + "/") else { continue }
      let relative = file.dropFirst(product.root.count + 1)
      if let entry = product.entries.first(where: { $0.path == relative }) { return entry.digest }
    }
    return nil
  }

  /// The recorded product that `from` is, or lies in, cut down to what lies below it.
  static func manifest(of from: String, in plan: PlanRecord) -> Manifest? {
    for product in plan.steps.reversed().flatMap(\.products) {
      if product.root == from { return product }
      guard from.hasPrefix(product.root + "/") else { continue }
      let prefix = from.dropFirst(product.root.count + 1) + "/"
      let below = product.entries.compactMap { entry -> Manifest.Entry? in
        guard entry.path.hasPrefix(prefix) else { return nil }
        var entry = entry
        entry.path = String(entry.path.dropFirst(prefix.count))
        return entry
      }
      if !below.isEmpty { return Manifest(root: from, entries: below) }
    }
    return nil
  }
}
