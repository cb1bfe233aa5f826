import FeedIndex
import FeedModel
import FeedStore
import FeedSync
import Foundation

/// A machine with a store of its own in a directory of one test.
final class Computer {
  let path: String
  var store: String { path + "/store" }

  init(_ path: String) { self.path = path }

  var places: Library.Places {
    Library.Places(store: store, state: path + "/state", index: path + "/index.sqlite")
  }

  func library() throws -> Library { try Library.open(places) }

  /// What it has, read through its index or without one.
  func state(fresh: Bool = false) throws -> State {
    let library = try Library.open(
      Library.Places(
        store: store,
        state: path + "/state",
        index: fresh ? path + "/none-\(UUID().uuidString)" : places.index
      )
    )
    return try State(library)
  }

  /// Writes lines as a sync or a person would.
  func append(_ lines: [PendingLine], now: Timestamp) throws {
    try Store.open(directory: store, stateDirectory: path + "/state").append(lines, now: now)
  }

  /// The input files, relative to the store.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: store).filter { $0.hasSuffix(".jsonl") }
  }
}

extension State {
  /// What a library has.
  init(_ library: Library) throws {
    let feeds = try library.feeds()
    self.init([])
    self.feeds =
      feeds.map {
        "\($0.id) \($0.url) \($0.isSubscribed) \($0.ownTitle ?? "-") \($0.tags) "
          + "\($0.unread) of \($0.total)"
      }
      .sorted()
    var query = ArticleQuery()
    query.includesRead = true
    query.includesHidden = true
    query.feeds = feeds.map(\.id)
    articles = try library.articles(query)
      .map { row in
        "\(row.id) \(row.title ?? "-") \(row.received.milliseconds) "
          + "\(row.isRead) \(row.isStarred) \(row.tags.joined(separator: ",")) \(row.hasChanged) "
          + "\(row.isHidden)"
      }
      .sorted()
  }
}

/// Runs a test with two computers, whose files are removed afterwards.
func withTwoComputers<Result>(_ body: (Computer, Computer) throws -> Result) throws -> Result {
  let top = FileManager.default.temporaryDirectory.path + "/rill-two-\(UUID().uuidString)"
  for name in ["a", "b"] {
    try FileManager.default.createDirectory(
      atPath: "\(top)/\(name)",
      withIntermediateDirectories: true
    )
  }
  defer {
    // What cannot be removed stays in the system's temporary directory.
    try? FileManager.default.removeItem(atPath: top)
  }
  return try body(Computer("\(top)/a"), Computer("\(top)/b"))
}

/// Brings one file to another computer, whole or only its start, under its name or another one.
func carry(
  _ file: String,
  from source: Computer,
  to target: Computer,
  bytes: Int? = nil,
  named name: String? = nil
) throws {
  let data = try Data(contentsOf: URL(fileURLWithPath: "\(source.store)/\(file)"))
  let directory = (file as NSString).deletingLastPathComponent
  let path = "\(target.store)/\(directory)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  let final = "\(path)/\(name ?? (file as NSString).lastPathComponent)"
  // Sync tools write another file and give it the name when it is whole.
  try data.prefix(bytes ?? data.count).write(to: URL(fileURLWithPath: final), options: .atomic)
}

/// What each sync tool makes of a file name where it found two versions.
func conflictNames(_ file: String) -> [String] {
  let name = (file as NSString).lastPathComponent
  let stem = String(name.dropLast(".jsonl".count))
  return [
    "\(stem).sync-conflict-20261122-081138-UOUIYMM.jsonl",
    "\(stem) (Ann's conflicted copy 2026-11-22).jsonl",
    "\(stem) (conflicted copy 2026-11-22 081138).jsonl",
    "\(stem) (1).jsonl",
    "\(stem) 2.jsonl",
    "\(stem).Conflict.jsonl",
  ]
}

/// What tools call a file that is not whole yet.
func unfinishedNames(_ file: String) -> [String] {
  let name = (file as NSString).lastPathComponent
  return [".syncthing.\(name).tmp", "~syncthing~\(name).tmp", ".tmp-\(name)", "~syncthing~\(name)"]
}
