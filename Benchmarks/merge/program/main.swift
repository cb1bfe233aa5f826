// How many articles a second are merged and written: see Benchmarks/README.md.
//
//   bench-merge DIRECTORY [feeds=200] [items=50] [rounds=3]

import FeedFetch
import FeedModel
import FeedParse
import FeedSync
import Foundation

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
  FileHandle.standardError.write(
    Data("usage: bench-merge DIRECTORY [FEEDS [ITEMS [ROUNDS]]]\n".utf8)
  )
  exit(64)
}
let numbers = arguments.dropFirst(2).compactMap(Int.init)
let site = Site(feeds: numbers.first ?? 200, items: numbers.dropFirst().first ?? 50)
let rounds = numbers.dropFirst(2).first ?? 3
let articles = Double(site.feeds * site.items)
var best: [(name: String, parse: Double, all: Double)] = []

for round in 0..<rounds {
  let home = "\(arguments[1])/\(round)"
  try FileManager.default.createDirectory(
    atPath: home + "/cache",
    withIntermediateDirectories: true
  )
  let places = Library.Places(
    store: home + "/store",
    state: home + "/state",
    index: home + "/cache/index.sqlite"
  )
  let urls = (0..<site.feeds).map { "https://feed\($0).example/feed" }
  var day: Int64 = 20_600
  try Library.open(places)
    .subscribe(to: urls.map { Subscription(url: $0) }, now: Timestamp(seconds: day * 86_400))
  for (index, phase) in Site.Phase.allCases.enumerated() {
    day += 1
    let now = Timestamp(seconds: day * 86_400)
    var bodies: [String: [UInt8]] = [:]
    for (feed, url) in urls.enumerated() { bodies[url] = site.document(feed, phase) }
    let beforeParse = cpuSeconds()
    for url in urls { _ = try parse(bodies[url] ?? [], baseURL: url, contentType: nil) }
    let parseTime = cpuSeconds() - beforeParse
    let library = try Library.open(places)
    let feeds = try library.feeds()
    let options = SyncOptions(reason: .named, jobs: 1, clock: { now })
    let start = cpuSeconds()
    let summary = try await library.sync(feeds, from: Served(bodies: bodies), options) { _ in }
    let time = cpuSeconds() - start
    if round == 0 {
      print(
        "\(phase.rawValue): \(summary.new) new, \(summary.updated) updated, \(summary.merged) merged"
      )
      best.append((phase.rawValue, parseTime, time))
    } else {
      best[index].parse = min(best[index].parse, parseTime)
      best[index].all = min(best[index].all, time)
    }
  }
}
print("")
for (name, parse, all) in best {
  print("\(name)\t\(Int(articles / all))\t\(Int(articles / max(0.001, all - parse)))")
}

func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// Gives what a site has today.
struct Served: DocumentSource {
  let bodies: [String: [UInt8]]

  func fetch(_ request: FetchRequest) async -> FetchOutcome {
    .fetched(
      body: bodies[request.url] ?? [],
      contentType: nil,
      validators: Validators(etag: nil, lastModified: nil, url: request.url),
      ResponseFacts(status: 200, url: request.url)
    )
  }
}

/// Feeds of a site, the same each time.
struct Site {
  /// What a sync finds.
  enum Phase: String, CaseIterable {
    case first = "first sync"
    case same = "nothing changed"
    case guids = "every guid exchanged"
    case counters = "a counter in every text"
  }

  let feeds: Int
  let items: Int

  func document(_ feed: Int, _ phase: Phase) -> [UInt8] {
    var text =
      "<rss version=\"2.0\"><channel><title>Feed \(feed)</title><link>https://feed\(feed).example/</link>"
    for item in 0..<items {
      var state = UInt64(feed * 1000 + item)
      let isExchanged = phase == .guids || phase == .counters
      text +=
        "<item><title>\(words(9, &state))</title>"
        + "<link>https://feed\(feed).example/2026/\(item)</link>"
        + "<guid isPermaLink=\"false\">\(isExchanged ? "https" : "http")://feed\(feed).example/?p=\(item)</guid>"
        + "<pubDate>\(1 + item % 28) Jan 2026 08:00:\(10 + item % 50) GMT</pubDate><description>"
      for _ in 0..<6 { text += "&lt;p&gt;\(words(40, &state)).&lt;/p&gt;\n" }
      if phase == .counters { text += "&lt;p&gt;\(item * 7 + 3) views&lt;/p&gt;" }
      text += "</description></item>\n"
    }
    // Other bytes that say the same.
    return Array((text + "</channel></rss><!-- \(phase.rawValue) -->").utf8)
  }

  private func words(_ count: Int, _ state: inout UInt64) -> String {
    var words: [String] = []
    for _ in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      words.append("w" + String((state >> 33) % 20_000, radix: 36))
    }
    return words.joined(separator: " ")
  }
}
