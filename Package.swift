// swift-tools-version: 6.2

import PackageDescription

/// Every warning is an error, every pointer is marked, every import says how far it reaches.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  // SE-0444: a member is visible only where its module is imported.
  .enableUpcomingFeature("MemberImportVisibility"),
  // SE-0409: imports are internal unless they say otherwise.
  .enableUpcomingFeature("InternalImportsByDefault"),
  // SE-0335: an existential says `any`.
  .enableUpcomingFeature("ExistentialAny"),
  // The headers of libxml2, without the `-lxml2` that pkg-config would bring along.
  .unsafeFlags(["-Xcc", "-I/usr/include/libxml2"], .when(platforms: [.linux])),
]

/// A release holds no section that nobody needs, and no symbols: not even those that Swift's own
/// options for a static runtime export, 18,000 names that the loader would bind and search.
let linking: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-Xlinker", "--gc-sections", "-Xlinker", "-s", "-Xlinker", "--no-export-dynamic",
    ],
    .when(platforms: [.linux], configuration: .release)
  )
]

/// A release does not check at run time that no two parts of one thread change a variable at once.
///
/// The parser's builder is changed a hundred times for each item, and the checks took a tenth of the
/// time. The tests run with them.
let unchecked: [SwiftSetting] = [
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// A module below the program, in `Sources/`.
func module(
  _ name: String,
  settings: [SwiftSetting] = strict,
  _ dependencies: Target.Dependency...
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of a module, in `Tests/`.
func tests(_ name: String, exclude: [String] = [], _ dependencies: Target.Dependency...) -> Target {
  .testTarget(
    name: name,
    dependencies: dependencies,
    exclude: exclude,
    swiftSettings: strict
  )
}

/// The fuzz targets, only where `Fuzz/run` asks for them: they have no `main` but libFuzzer's.
let fuzzing: [Target] =
  Context.environment["RILL_FUZZ"] == nil
  ? []
  : [
    .target(
      name: "FuzzSupport",
      dependencies: ["FeedModel", "FeedJSON", "FeedParse"],
      path: "Fuzz/support",
      swiftSettings: strict
    )
  ]
    + ["document", "lift", "charset", "date", "url", "json", "list"]
    .map { name in
      .executableTarget(
        name: "fuzz-" + name,
        dependencies: ["FuzzSupport", "FeedModel", "FeedJSON", "FeedParse"],
        path: "Fuzz/" + name,
        swiftSettings: strict
      )
    }

let package = Package(
  name: "rill",
  products: [
    .executable(name: "rill", targets: ["rill"]),
    .executable(name: "sample-server", targets: ["sample-server"]),
    // For tests: loaded into the program in place of a part of the C library.
    .library(name: "SlowResolver", type: .dynamic, targets: ["SlowResolver"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // No trait: its values are Swift's own, without Foundation.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // C, in shims.
    // No pkgConfig: its `-lcurl` would load libcurl at the start of every command (see
    // Documentation/decisions/libcurl-is-loaded-on-first-use.md). Only the headers are needed. The
    // same holds of libxml2.
    .systemLibrary(
      name: "CCurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
    ),
    .systemLibrary(
      name: "CXML",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
    ),
    .systemLibrary(
      name: "CGumbo",
      pkgConfig: "gumbo",
      providers: [.apt(["libgumbo-dev"]), .brew(["gumbo-parser"])]
    ),
    .systemLibrary(
      name: "CZlib",
      pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
    ),
    .systemLibrary(
      name: "CBrotli",
      pkgConfig: "libbrotlidec",
      providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]
    ),
    .systemLibrary(
      name: "CZstd",
      pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]
    ),
    // Compresses what the tests decompress.
    .systemLibrary(
      name: "CBrotliEncoder",
      path: "Tests/CBrotliEncoder",
      pkgConfig: "libbrotlienc",
      providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]
    ),

    // Values.
    module("FeedModel"),
    module("FeedJSON", "FeedModel"),

    // Stages. They share values and never import each other.
    module("FeedFetch", "FeedModel", "CCurl", "CZlib", "CBrotli", "CZstd"),
    module("FeedParse", settings: strict + unchecked, "FeedModel", "FeedJSON", "CXML"),
    module("FeedMerge", "FeedModel", .product(name: "Crypto", package: "swift-crypto")),
    module("FeedStore", "FeedModel", "FeedJSON"),
    module(
      "FeedIndex",
      "FeedModel",
      .product(name: "GRDB", package: "GRDB.swift"),
      .product(name: "GRDBSQLite", package: "GRDB.swift")
    ),
    module("FeedText", "FeedModel", "CGumbo"),

    // The only module that knows every stage.
    module(
      "FeedSync",
      "FeedModel",
      "FeedFetch",
      "FeedParse",
      "FeedMerge",
      "FeedStore",
      "FeedIndex",
      "FeedText"
    ),
    .executableTarget(
      name: "rill",
      dependencies: [
        "FeedModel", "FeedJSON", "FeedFetch", "FeedParse", "FeedStore", "FeedIndex", "FeedText",
        "FeedSync",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: strict,
      linkerSettings: linking
    ),

    // A server for tests and for the demonstration.
    .target(
      name: "LoopbackServer",
      dependencies: ["FeedModel"],
      path: "Tests/LoopbackServer",
      swiftSettings: strict
    ),
    .executableTarget(
      name: "sample-server",
      dependencies: ["LoopbackServer"],
      path: "Tests/SampleServer",
      swiftSettings: strict
    ),

    // Runs the program in a home of its own, and compresses what it is to decompress, for tests.
    .target(
      name: "TestSupport",
      dependencies: ["FeedJSON", "CZlib", "CZstd", "CBrotliEncoder"],
      path: "Tests/Support",
      swiftSettings: strict
    ),

    // A year of publishers whose articles are known, for tests and for `make replay`.
    .target(
      name: "Replay",
      dependencies: [
        "FeedModel", "FeedJSON", "FeedFetch", "FeedParse", "FeedStore", "FeedIndex", "FeedSync",
        "TestSupport",
      ],
      path: "Tests/Replay",
      swiftSettings: strict
    ),
    .executableTarget(
      name: "replay-year",
      dependencies: ["Replay"],
      path: "Benchmarks/replay/program",
      swiftSettings: strict,
      linkerSettings: linking
    ),

    // Stands in for the resolver of the system.
    .target(name: "SlowResolver", path: "Tests/SlowResolver"),

    // What `make bench-parse` measures.
    .executableTarget(
      name: "bench-parse",
      dependencies: ["FeedParse", "FeedModel"],
      path: "Benchmarks/parse/program",
      swiftSettings: strict,
      linkerSettings: linking
    ),

    // What `make bench-merge` measures.
    .executableTarget(
      name: "bench-merge",
      dependencies: ["FeedFetch", "FeedModel", "FeedParse", "FeedSync"],
      path: "Benchmarks/merge/program",
      swiftSettings: strict,
      linkerSettings: linking
    ),

    // Appends and acknowledges until it is killed: for Tests/Faults.
    .executableTarget(
      name: "store-writer",
      dependencies: ["FeedStore", "FeedModel"],
      path: "Tests/Faults/StoreWriter",
      swiftSettings: strict
    ),

    tests("FeedModelTests", "FeedModel", "TestSupport"),
    tests("FeedJSONTests", "FeedJSON", "FeedModel"),
    tests("FeedMergeTests", exclude: ["Similar"], "FeedMerge", "FeedModel", "TestSupport"),
    tests(
      "FeedStoreTests",
      exclude: ["Formats"],
      "FeedStore",
      "FeedModel",
      "FeedJSON",
      "TestSupport"
    ),
    tests("FeedIndexTests", "FeedIndex", "FeedModel", "TestSupport"),
    tests("FeedSyncTests", "FeedSync", "FeedIndex", "FeedModel", "TestSupport"),
    tests("ReplayTests", "Replay", "TestSupport"),
    tests(
      "FeedFetchTests",
      "FeedFetch",
      "FeedModel",
      "LoopbackServer",
      "TestSupport",
      "CZlib"
    ),
    tests("FeedTextTests", "FeedText", "FeedModel", "TestSupport"),
    tests("FeedParseTests", exclude: ["Fixtures"], "FeedParse", "FeedModel", "FeedJSON"),
    tests(
      "StoreTests",
      "rill",
      "FeedSync",
      "FeedStore",
      "FeedIndex",
      "FeedModel",
      "FeedJSON",
      "TestSupport"
    ),
    tests("RillTests", "rill", "FeedJSON", "LoopbackServer", "TestSupport"),
    tests(
      "FetchingTests",
      "rill",
      "FeedModel",
      "FeedJSON",
      "LoopbackServer",
      "TestSupport"
    ),
  ] + fuzzing
)
