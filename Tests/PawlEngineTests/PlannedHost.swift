import FixtureHosts
import Foundation
import PawlHost
import PawlModel
import PawlRecipes

@testable import PawlEngine

/// A fixture host as though Pawl ran on it: its facts are those of the fixture, its root is `/`.
struct PlannedHost {
  let name: String
  /// Of a copy that a test changed.
  var place: String?

  private var root: HostRoot { place.map { HostRoot(path: $0) } ?? FixtureHosts.root(name) }

  /// Every step with its argv and its bytes, or why the plan is refused.
  func describe(_ recipe: String, _ settings: [String: String]) throws -> String {
    let host = HostDetection(root: root)
    if let owner = KernelOwner.other(than: host) {
      return "refused: \(owner.sentence).\n  \(owner.instead)\n"
    }
    do {
      return PlanDescription(try plan(recipe, settings, host)).text
    } catch let error as PawlError {
      return "refused: \(error.message)\n  \(error.hint ?? "")\n"
    }
  }

  private func plan(
    _ name: String, _ settings: [String: String], _ host: HostDetection
  ) throws -> FrozenPlan {
    guard let entry = ShippedRecipes.named(name) else {
      throw PawlError(.noInput, "There is no recipe \(name).")
    }
    let recipe = try Recipe.read(bytes: entry.bytes, fileName: name).get()
    if recipe.parameters.contains(where: { $0.name == "trial" }) {
      try KernelInstallation.requireKnown(on: host)
    }
    let request = PlanFactory.Request(
      recipe: recipe, settings: settings, root: root.path, asker: .root, builder: builder,
      mayBecomeRoot: true, program: "/usr/bin/pawl", journal: "/var/lib/pawl/journal.db")
    var gatherer = try FactGatherer(
      host: LiveHost(), request: request,
      parameters: try RecipePlanner.settledParameters(of: recipe, settings: settings),
      detection: host)
    // As on the host itself. The hook is not looked for: whether this machine has one says nothing.
    gatherer.isLive = true
    gatherer.hookFault = nil
    let place = root.path
    return try RecipePlanner.plan(
      recipe: recipe, settings: settings,
      facts: PlanningFacts(
        values: try values(of: gatherer),
        lists: try gatherer.lists().mapValues { $0.map { $0.replacing(place, with: "") } },
        hostName: host.identity.name ?? "localhost", asker: .root, rootIdentity: .root,
        rootIsWritable: true, buildIdentity: builder,
        runningRelease: host.release.value?.text ?? ""
      ) { (path) throws(PawlError) -> FileState in
        do { return try LiveHost().state(at: place + path) } catch let error as PawlError {
          throw error
        } catch { throw PawlError(.inputOutput, "\(error)") }
      })
  }

  /// What depends on the machine that the test runs on, and on chance, is made up.
  private func values(of gatherer: FactGatherer) throws -> [String: String] {
    let own = [
      "trial_token": "5eed", "build_timestamp": "Thu Jan  1 00:00:00 UTC 2026",
      "qemu": "/usr/bin/qemu-system-x86_64", "wsl_restart": "yes",
      "kernel_image": "arch/x86/boot/bzImage", "kernel_target": "bzImage",
    ]
    return try gatherer.values().mapValues { $0.replacing(root.path, with: "") }
      .merging(own) { _, made in made }
  }

  private let builder = Identity(
    uid: 1000, gid: 1000, groups: [1000], name: "builder", home: "/home/builder")
}

/// A plan for a reviewer: what each step runs or writes, as what, and how it is taken back.
struct PlanDescription {
  let text: String

  init(_ plan: FrozenPlan) {
    text = plan.steps.map(Self.step).joined(separator: "\n")
  }

  private static func step(_ step: FrozenStep) -> String {
    var lines = [
      "\(step.id)  \(step.risk.rawValue), as \(step.runsAs.name): \(step.label)"
    ]
    lines += action(step.action).map { "  " + $0 }
    if let check = step.check { lines.append("  check   " + words(check.argv)) }
    if let undo = step.undo { lines.append("  undo    " + words(undo.argv)) }
    if !step.backups.isEmpty {
      lines.append("  backup  " + step.backups.joined(separator: " "))
    }
    if let generated = step.generated {
      lines.append("  made anew by its undo  " + generated.joined(separator: " "))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func action(_ action: Action) -> [String] {
    switch action {
    case .command(let command): ["run     " + words(command.argv)]
    case .build(let directory, let command): ["build   \(directory): " + words(command.argv)]
    case .writeFile(let path, let content, let mode):
      ["write   \(path) \(String(mode, radix: 8))"]
        + content.split(whereSeparator: \.isNewline).map { "        | \($0)" }
    case .appendLine(let path, let line): ["append  \(path)", "        | \(line)"]
    case .removeFile(let path): ["remove  \(path)"]
    case .copyFile(let from, let to, _): ["copy    \(from) to \(to)"]
    case .copyTree(let from, let to): ["copy    \(from) to \(to), by manifest"]
    case .kernelConfig(_, let build, let set, let make):
      [
        "set     \(build)/.config: "
          + set.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "),
        "make    " + words(make.argv),
      ]
    case .restart(let kind, let message, _, let trial):
      ["restart \(kind.rawValue): \(message)"]
        + (trial?.wsl.map { ["names   \($0.kernel) in \($0.settings)"] } ?? [])
        + (trial?.wsl?.modulesDisk.map { ["        \($0)"] } ?? [])
    }
  }

  private static func words(_ argv: [String]) -> String {
    argv.map { $0.contains(" ") || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")
  }
}
