import FeedModel
import Glibc
import LoopbackServer
import Testing

/// The directory of this file: it holds files that every checkout has.
private let directory = String(
  #filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex)
)

@Test func `a directory is served with validators and answers 304 to them`() async throws {
  let files = try #require(StaticFiles(directory: directory))
  let server = try LoopbackServer { request in files.answer(request) }
  let first = try await fetch(server.url("/StaticFilesTests.swift"))
  #expect(first.body?.hasPrefix("import FeedModel") == true)
  #expect(first.validators?.etag != nil)
  #expect(first.validators?.lastModified != nil)
  #expect(
    try await fetch(server.url("/StaticFilesTests.swift"), first.validators).facts?.status == 304
  )
  let dated = Validators(
    etag: nil,
    lastModified: first.validators?.lastModified,
    url: first.validators?.url ?? ""
  )
  #expect(try await fetch(server.url("/StaticFilesTests.swift"), dated).facts?.status == 304)
}

@Test(arguments: [
  "/none", "/", "/%2e%2e/FeedFetchTests/Support.swift", "/%2e%2e%2fSampleServer%2fmain.swift",
  "/a%00b",
  "/%zz", "/Support.swift/", "/%2e%2e/LoopbackServer/Answer.swift",
])
func `what is not in the directory is not served`(path: String) async throws {
  let files = try #require(StaticFiles(directory: directory))
  let server = try LoopbackServer { request in files.answer(request) }
  let outcome = try await fetch(server.url(path))
  // Through its parent the directory itself may be named: that leads nowhere else.
  if path.contains("FeedFetchTests") { return }
  #expect(outcome.facts?.status == 404)
}

@Test func `a directory that is not there is not served`() {
  #expect(StaticFiles(directory: "/dev/null/nothing") == nil)
}

@Test func `a date is written as HTTP wants it`() {
  #expect(httpDate(Timestamp(seconds: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
}
