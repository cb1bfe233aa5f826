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
  targets: [
    .systemLibrary(
      name: "CXML",
      pkgConfig: "libxml-2.0",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
    ),
    .target(name: "FeedModel", swiftSettings: strict),
    .target(name: "FeedJSON", dependencies: ["FeedModel"], swiftSettings: strict),
  ]
)
