import FeedModel
import Glibc
import TestSupport
import Testing

@testable import FeedFetch

/// A file of its own for one test, removed when it is let go.
private final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8]) throws {
    var name = Array("/tmp/rill-fetch-file-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    try #require(descriptor >= 0)
    close(descriptor)
    path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try write(bytes)
  }

  func write(_ bytes: [UInt8]) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_TRUNC)
    try #require(descriptor >= 0)
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    close(descriptor)
    try #require(count == bytes.count)
  }

  deinit { unsafe unlink(path) }
}

@Test func `a local file is read like a response`() async throws {
  let file = try TemporaryFile(Array(sampleFeed.utf8))
  let outcome = try await fetch(file.path)
  #expect(outcome.body == sampleFeed)
  #expect(outcome.facts?.status == 200)
  #expect(outcome.facts?.url == file.path)
  #expect(outcome.validators?.url == file.path)
}

@Test func `an unchanged file is not modified and a changed one is read`() async throws {
  let file = try TemporaryFile(Array(sampleFeed.utf8))
  let first = try await fetch(file.path)
  let second = try await fetch(file.path, first.validators)
  #expect(second.facts?.status == 304)
  #expect(second.validators == first.validators)
  try file.write(Array("<rss/>".utf8))
  let third = try await fetch(file.path, first.validators)
  #expect(third.body == "<rss/>")
  #expect(third.validators != first.validators)
}

@Test func `a compressed file is decompressed`() async throws {
  let file = try TemporaryFile(compressed(sampleFeed.utf8))
  #expect(try await fetch(file.path).body == sampleFeed)
}

@Test func `a file over the limit is refused`() async throws {
  let file = try TemporaryFile([UInt8](repeating: 0x78, count: 1001))
  var settings = testSettings()
  settings.decodedBytesMax = 1000
  #expect(try await fetch(file.path, settings: settings).failure == .tooLarge(limitBytes: 1000))
}

@Test func `an empty file is a failure`() async throws {
  let file = try TemporaryFile([])
  #expect(try await fetch(file.path).failure == .empty)
}

@Test(arguments: [
  ("/nonexistent/feed.xml", ENOENT), ("/tmp", EISDIR), ("/dev/null", EINVAL),
  ("/tmp/a\u{0}b", EINVAL),
])
func `what is no readable file says why`(path: String, code: Int32) async throws {
  #expect(try await fetch(path).failure == .file(path: path, errno: code))
}

@Test func `a local file that nobody typed is not read`() async throws {
  let file = try TemporaryFile(Array(sampleFeed.utf8))
  let first = try await fetch(file.path)
  for validators in [nil, first.validators] {
    let outcome = try await fetch(file.path, validators, isTyped: false)
    #expect(outcome.failure == .refusedFile(path: file.path))
    #expect(outcome.facts == nil)
  }
}

@Test func `a file is read under the largest limit, and its size is not believed`() async throws {
  let file = try TemporaryFile(Array(sampleFeed.utf8))
  let bytes = try ReadableFile(path: file.path).bytes(limit: .max, expected: .max)
  #expect(bytes == Array(sampleFeed.utf8))
}
