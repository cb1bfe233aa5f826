// Replays years of publishers: see Benchmarks/README.md.
//
//   replay-year DIRECTORY [SEED=1] [SEEDS=1] [FEEDS=50] [FEED=N] [FETCHES=500]

import Foundation
import Replay

var settings = ["seed": 1, "seeds": 1, "feeds": 50, "feed": -1, "fetches": 500]
for argument in CommandLine.arguments.dropFirst(2) {
  let parts = argument.lowercased().split(separator: "=").map(String.init)
  guard parts.count == 2, settings[parts[0]] != nil, let number = Int(parts[1]) else {
    FileHandle.standardError.write(Data("replay-year: not understood: \(argument)\n".utf8))
    exit(64)
  }
  settings[parts[0]] = number
}
guard CommandLine.arguments.count > 1 else {
  FileHandle.standardError.write(Data("usage: replay-year DIRECTORY [NAME=NUMBER]...\n".utf8))
  exit(64)
}
let directory = CommandLine.arguments[1]
let (first, feed) = (settings["seed"] ?? 1, settings["feed"] ?? -1)
let feeds = feed < 0 ? Array(0..<(settings["feeds"] ?? 50)) : [feed]
var total = ReplayReport()
for seed in first..<first + (settings["seeds"] ?? 1) {
  var year = Replay(seed: seed, feeds: feeds, fetches: settings["fetches"] ?? 500)
  year.progress = { fetch in
    guard (fetch + 1).isMultiple(of: 50) else { return }
    FileHandle.standardError.write(Data("seed \(seed), fetch \(fetch + 1)\n".utf8))
  }
  total.add(try await year.run(in: "\(directory)/\(seed)"))
}
for line in total.table { print(line) }
print("")
// A feed that does it does it all year.
var told: [String: Int] = [:]
for failure in total.failures {
  let kind = "\(failure.seed) \(failure.feed) \(failure.fault)"
  told[kind, default: 0] += 1
  if told[kind, default: 0] <= 3 { print(failure.description) }
}
print("")
print(
  "\(total.fetches) fetches, \(total.items) items, \(total.articles) articles, \(total.edits) edits, "
    + "\(total.marks) marks, \(total.repeats) documents read twice"
)
for fault in ReplayFault.allCases { print("\(fault.rawValue): \(total.count(fault))") }
exit(total.failures.isEmpty ? 0 : 1)
