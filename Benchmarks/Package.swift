// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "pawl", path: "..")],
  targets: [
    // Runs a program and says what it cost: wall, own CPU, its children's CPU, peak memory.
    .executableTarget(name: "measure", swiftSettings: settings),
    // Fills a journal with finished plans, through the journal's own door.
    .executableTarget(
      name: "make-journal",
      dependencies: [
        .product(name: "PawlJournal", package: "pawl"),
        .product(name: "PawlModel", package: "pawl"),
      ],
      swiftSettings: settings),
    // Prints a gigabyte, with one very long line in the middle.
    .executableTarget(name: "noise", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
