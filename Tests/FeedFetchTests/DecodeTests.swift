import FeedModel
import Testing

@testable import FeedFetch

private let plain = Array(String(repeating: sampleFeed, count: 50).utf8)

private func decoded(
  _ body: [UInt8],
  _ label: String? = nil,
  bytesMax: Int = 1_000_000
) throws(FetchFailure) -> [UInt8] {
  try decode(body, label: label, bytesMax: bytesMax)
}

@Test(arguments: ["gzip", "x-gzip", "deflate", "br", "UTF-8", "identity", nil] as [String?])
func `a gzip body is recognised whatever its label`(label: String?) throws {
  #expect(try decoded(compressed(plain), label) == plain)
}

@Test(arguments: ["gzip", "deflate", "br", "zstd", "UTF-8", "none", nil] as [String?])
func `a plain body is taken as it is whatever its label`(label: String?) throws {
  for text in [
    String(decoding: plain, as: UTF8.self), "{\"version\":\"https://jsonfeed.org/version/1.1\"}",
    "\n <rss/>", "\u{FEFF}<rss/>",
  ] {
    #expect(try decoded(Array(text.utf8), label) == Array(text.utf8))
  }
}

@Test func `deflate is read with and without the wrapper of zlib`() throws {
  #expect(try decoded(compressed(plain, .zlib), "deflate") == plain)
  #expect(try decoded(compressed(plain, .raw), "deflate") == plain)
  #expect(try decoded(compressed(plain, .zlib)) == plain)
}

@Test func `all members of a gzip body count and what follows them does not`() throws {
  let members = compressed(plain) + compressed(plain)
  #expect(try decoded(members, bytesMax: 3_000_000) == plain + plain)
  #expect(try decoded(members + Array("garbage".utf8)) == plain + plain)
  #expect(try decoded(members + [0x1F, 0x8B]) == plain + plain)
}

@Test(arguments: [Wrapper.gzip, .zlib, .raw])
func `a stream that is cut anywhere is refused`(wrapper: Wrapper) {
  let body = compressed(plain, wrapper)
  for count in [body.count / 2, body.count - 1] {
    #expect(throws: FetchFailure.badEncoding(detail: "the compressed data ends too early")) {
      try decoded(Array(body[..<count]), "deflate")
    }
  }
}

@Test func `a gzip body without its whole trailer is refused`() {
  let body = compressed(plain)
  for missing in 1...8 {
    #expect(throws: FetchFailure.self) { try decoded(Array(body.dropLast(missing))) }
  }
}

@Test func `a gzip body with a wrong checksum is refused`() {
  var body = compressed(plain)
  body[body.count - 8] ^= 1
  #expect(throws: FetchFailure.badEncoding(detail: "incorrect data check")) { try decoded(body) }
}

@Test func `two layers are undone and a third is refused`() throws {
  let two = compressed(compressed(plain))
  #expect(try decoded(two, "gzip, gzip") == plain)
  #expect(throws: FetchFailure.badEncoding(detail: "more than two layers")) {
    try decoded(compressed(two))
  }
}

@Test func `what comes out is counted against the limit`() throws {
  let zeros = compressed([UInt8](repeating: 0, count: 1_000_001))
  #expect(zeros.count < 2000)
  for body in [zeros, compressed(zeros), compressed(plain) + zeros] {
    #expect(throws: FetchFailure.tooLarge(limitBytes: 1_000_000)) { try decoded(body) }
  }
  #expect(try decoded(compressed([UInt8](repeating: 0, count: 1_000_000))).count == 1_000_000)
}

@Test func `compression that was not offered is named`() {
  #expect(throws: FetchFailure.badEncoding(detail: "zstd, which was not offered")) {
    try decoded([0x28, 0xB5, 0x2F, 0xFD, 0x00], "zstd")
  }
  #expect(throws: FetchFailure.badEncoding(detail: "brotli, which was not offered")) {
    try decoded([0x0B, 0x02, 0x80, 0x61], "br")
  }
}

@Test func `an empty body stays empty`() throws {
  for label in ["gzip", "deflate", nil] { #expect(try decoded([], label) == []) }
}

@Test func `any bytes after a mark end in a value or an error`() {
  var state: UInt64 = 42
  for round in 0..<2000 {
    var body: [UInt8] = [[0x1F, 0x8B, 8, 0], [0x78, 0x9C], [0x28, 0xB5], []][round % 4]
    for _ in 0..<(round % 97) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      body.append(UInt8(truncatingIfNeeded: state >> 33))
    }
    do {
      let plain = try decode(body, label: round % 2 == 0 ? "deflate" : nil, bytesMax: 4096)
      #expect(plain.count <= max(4096, body.count))
    } catch {}
  }
}

@Test func `a body is given to zlib in pieces`() throws {
  // Noise does not shrink: the compressed body has more than one piece too.
  var state: UInt64 = 1
  let noise = (0..<3_000_000)
    .map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  for wrapper in [Wrapper.gzip, .zlib] {
    #expect(try decoded(compressed(noise, wrapper), bytesMax: 3_000_000) == noise)
  }
  let members = compressed(noise[..<2_000_000]) + compressed(noise[2_000_000...])
  #expect(try decoded(members, bytesMax: 3_000_000) == noise)
  #expect(throws: FetchFailure.self) { try decoded(members.dropLast(), bytesMax: 3_000_000) }
}
