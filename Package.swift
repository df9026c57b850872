// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "pawl",
  products: [
    .executable(name: "pawl", targets: ["pawl"]),
    // For the benchmarks, a package of their own.
    .library(name: "PawlJournal", targets: ["PawlJournal"]),
    .library(name: "PawlModel", targets: ["PawlModel"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Linux calls that Swift's Glibc module does not carry: syncfs, renameat2, extended
    // attributes, per-thread file identity.
    .target(name: "CPawl"),
    // Debian: zlib1g-dev. Reads /proc/config.gz and packs step output.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

    // Optimised in debug builds too: it hashes whole kernel trees, and unoptimised SHA-256 is a
    // hundred times slower.
    .target(
      name: "PawlModel",
      swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .target(
      name: "PawlMigrations", path: "Migrations", resources: [.embedInCode("v0001-journal.sql")]),
    .target(
      name: "PawlJournal",
      dependencies: [
        "PawlModel", "PawlMigrations", "CPawl", "CZlib",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "PawlHost",
      dependencies: ["PawlModel", "CPawl", "CZlib"],
      resources: [.embedInCode("Needs/Lists")],
      swiftSettings: settings),
    .target(
      name: "PawlRecipes",
      dependencies: ["PawlModel", .product(name: "Yams", package: "Yams")],
      resources: [.embedInCode("Shipped")],
      swiftSettings: settings),
    .target(
      name: "PawlEngine",
      dependencies: ["PawlModel", "PawlJournal", "PawlHost", "PawlRecipes"],
      swiftSettings: settings),
    .executableTarget(
      name: "pawl",
      dependencies: [
        "PawlModel", "PawlJournal", "PawlHost", "PawlRecipes", "PawlEngine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .testTarget(name: "PawlModelTests", dependencies: ["PawlModel"], swiftSettings: settings),
    // What every `JournalStore` promises: the same functions test the real one and the simulator's.
    .target(
      name: "JournalContract", dependencies: ["PawlJournal", "PawlModel"],
      path: "Tests/JournalContract", swiftSettings: settings),
    .testTarget(
      name: "PawlJournalTests",
      dependencies: [
        "PawlJournal", "PawlModel", "PawlMigrations", "JournalContract",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "HostContract", dependencies: ["PawlHost", "PawlModel"], path: "Tests/HostContract",
      swiftSettings: settings),
    // The hosts of `Fixtures/`, and what Pawl says of them as files that a reviewer reads.
    .target(
      name: "FixtureHosts", dependencies: ["PawlHost"], path: "Tests/FixtureHosts",
      swiftSettings: settings),
    .testTarget(
      name: "PawlHostTests",
      dependencies: [
        "PawlHost", "PawlModel", "HostContract", "FixtureHosts", "ParserFuzzing", "CPawl",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "PawlEngineTests", dependencies: ["PawlEngine", "PawlModel", "FixtureHosts"],
      swiftSettings: settings),
    .testTarget(
      name: "PawlRecipesTests", dependencies: ["PawlRecipes", "PawlModel"], swiftSettings: settings),
    .target(name: "Fuzzing", path: "Tests/Fuzzing", swiftSettings: settings),
    .executableTarget(
      name: "fuzz-parsers",
      dependencies: [
        "ParserFuzzing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/ParserFuzzer", swiftSettings: settings),
    // Every parser of what a host says, with seeds: fuzzed, and tried on the hostile inputs that are kept.
    .target(
      name: "ParserFuzzing", dependencies: ["PawlHost", "PawlModel", "Fuzzing"],
      path: "Tests/ParserFuzzing", swiftSettings: settings),
    .executableTarget(
      name: "fuzz-recipes",
      dependencies: [
        "PawlRecipes", "PawlModel", "Fuzzing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/RecipeFuzzer", swiftSettings: settings),
    // Spawns the real program.
    .testTarget(
      name: "CommandLineTests", dependencies: ["pawl", "CPawl"], swiftSettings: settings),
    .target(
      name: "PawlSimulator",
      dependencies: ["PawlModel", "PawlJournal", "PawlHost", "PawlRecipes", "PawlEngine"],
      path: "Tests/Simulator", swiftSettings: settings),
    .executableTarget(
      name: "simulate", dependencies: ["PawlSimulator"], path: "Tests/SimulatorCommand",
      swiftSettings: settings),
    .testTarget(
      name: "SimulatorTests",
      dependencies: [
        "PawlSimulator", "PawlModel", "PawlJournal", "PawlHost", "JournalContract", "HostContract",
      ],
      swiftSettings: settings),
    // The real program, killed, interrupted and shut out for real; its journal read back.
    .testTarget(
      name: "KillTests", dependencies: ["pawl", "PawlHost", "PawlJournal", "PawlModel", "CPawl"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
