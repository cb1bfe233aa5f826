import FeedModel
import Glibc

@testable import FeedStore

/// Runs a test with a directory of its own, which is removed afterwards.
func withScratch<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
  var template = Array("/tmp/feed-store-tests-XXXXXX".utf8CString)
  guard unsafe mkdtemp(&template) != nil else { throw ScratchError(errno: errno) }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { removeAll(path) }
  return try body(Scratch(path: path))
}

/// Removes a file, or a directory with all that is in it; links are not followed.
private func removeAll(_ path: String) {
  // What cannot be removed stays in the system's temporary directory.
  if isDirectory(path) {
    _ = unsafe chmod(path, 0o700)
    let directory = try? Descriptor.directory(path)
    for name in (try? directory?.names()) ?? [] { removeAll("\(path)/\(name)") }
  }
  _ = unsafe remove(path)
}

/// Whether a path names a directory and no link to one.
func isDirectory(_ path: String) -> Bool {
  var facts = stat()
  return unsafe lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
}

/// `withScratch` for tests that do several things at once.
func withScratchAsync<Result>(_ body: (Scratch) async throws -> Result) async throws -> Result {
  let path = try withScratch { $0.path }
  guard unsafe mkdir(path, 0o700) == 0 else { throw ScratchError(errno: errno) }
  defer { removeAll(path) }
  return try await body(Scratch(path: path))
}

struct ScratchError: Error {
  var errno: Int32
}

/// A place for one test: a store, a state, and whatever else it makes.
struct Scratch {
  let path: String
  var store: String { "\(path)/store" }
  var state: String { "\(path)/state" }

  /// Opens the store of this place.
  func open() throws(StoreError) -> Store {
    try Store.open(directory: store, stateDirectory: state)
  }

  /// Every line of the store, file by file, read from the start.
  func lines() throws -> [StoredLine] {
    let store = try open()
    return try store.segments().flatMap { try store.read($0, after: nil).lines }
  }

  /// The keys that `mark` set, in file order.
  func marks() throws -> [String] {
    try lines()
      .compactMap {
        if case .set(let key, _, _) = $0.event.operation { key } else { nil }
      }
  }

  /// The devices that have a directory.
  func devices() throws -> [String] { try names(in: "store/dev") }

  /// The names in a directory.
  func names(in directory: String) throws -> [String] {
    guard let found = try Descriptor.directory("\(path)/\(directory)") else { return [] }
    return try found.names()
  }

  /// The only file of the state whose name begins so.
  func stateFile(_ prefix: String) throws -> String? {
    for id in try names(in: "state") {
      for name in (try? names(in: "state/\(id)")) ?? [] where name.hasPrefix(prefix) {
        return "state/\(id)/\(name)"
      }
    }
    return nil
  }

  /// All bytes of a file.
  func bytes(_ name: String) throws -> [UInt8] {
    let parts = name.split(separator: "/")
    let directory = "\(path)/\(parts.dropLast().joined(separator: "/"))"
    guard let directory = try Descriptor.directory(directory),
      let file = try directory.file(named: String(parts[parts.count - 1]), for: .reading)
    else { throw ScratchError(errno: ENOENT) }
    return try file.read(at: 0, count: try file.facts().size)
  }

  /// A file as text.
  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// Makes a file, or replaces what it holds in place.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try append(bytes, to: name, flags: O_TRUNC)
  }

  /// Adds to a file as another program would.
  func append(_ bytes: some Sequence<UInt8>, to name: String, flags: Int32 = O_APPEND) throws {
    let number = unsafe Glibc.open("\(path)/\(name)", O_WRONLY | O_CREAT | flags, 0o600)
    guard number >= 0 else { throw ScratchError(errno: errno) }
    defer { close(number) }
    let bytes = Array(bytes)
    guard unsafe Glibc.write(number, bytes, bytes.count) == bytes.count else {
      throw ScratchError(errno: errno)
    }
  }

  /// Removes a file.
  func remove(_ name: String) throws {
    guard unsafe unlink("\(path)/\(name)") == 0 else { throw ScratchError(errno: errno) }
  }

  /// Makes a directory.
  func directory(_ name: String) throws {
    guard unsafe mkdir("\(path)/\(name)", 0o700) == 0 else { throw ScratchError(errno: errno) }
  }

  /// Copies a file to a new inode.
  func copy(_ name: String, to copy: String) throws { try write(try bytes(name), to: copy) }

  /// Gives a file another name.
  func move(_ name: String, to target: String) throws {
    guard unsafe rename("\(path)/\(name)", "\(path)/\(target)") == 0 else {
      throw ScratchError(errno: errno)
    }
  }

  /// The permission bits of a file.
  func mode(_ name: String) throws -> UInt32 {
    var facts = stat()
    guard unsafe lstat("\(path)/\(name)", &facts) == 0 else { throw ScratchError(errno: errno) }
    return facts.st_mode & 0o7777
  }
}

/// The moment that tests write at.
let noon = Timestamp(seconds: 1_795_000_000)

/// A feed of the tests.
let feed = FeedID(HashID(digest: [UInt8](repeating: 7, count: 20)))

/// The n-th article id of the tests.
func id(_ number: Int) -> ArticleID {
  ArticleID(HashID(digest: (0..<20).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }))
}

/// A mark that can be told from others by its key.
func mark(_ name: String) -> PendingLine {
  PendingLine(at: noon, operation: .set(key: "tag:\(name)", value: .bool(true), ids: [id(1)]))
}

/// An article of about `bytes` bytes.
func article(_ number: Int, bytes: Int = 100) -> PendingLine {
  var item = FeedItem()
  item.guid = "https://blog.example/?p=\(number)"
  item.title = "Article \(number)"
  item.contentHTML = String(repeating: "<p>text</p>", count: bytes / 11)
  let article = Article(
    feed: feed,
    keys: [id(number)],
    rule: .new,
    contentHash: "5f0c9a2be17d",
    item: item
  )
  return PendingLine(at: noon, operation: .article(article))
}
