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
]

let package = Package(
  name: "rill",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .target(name: "FeedModel", swiftSettings: strict),
    .target(name: "FeedJSON", dependencies: ["FeedModel"], swiftSettings: strict),
    .target(
      name: "FeedMerge",
      dependencies: ["FeedModel", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict
    ),
    .target(
      name: "FeedIndex",
      dependencies: ["FeedModel", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict
    ),
    .testTarget(name: "FeedModelTests", dependencies: ["FeedModel"], swiftSettings: strict),
    .testTarget(
      name: "FeedJSONTests",
      dependencies: ["FeedJSON", "FeedModel"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "FeedIndexTests",
      dependencies: ["FeedIndex", "FeedModel"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "FeedMergeTests",
      dependencies: ["FeedMerge", "FeedModel"],
      swiftSettings: strict
    ),
  ]
)
