import FeedModel
import Glibc
import TestSupport
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

@Test(
  arguments: ["gzip", "x-gzip", "deflate", "br", "zstd", "UTF-8", "identity", nil] as [String?]
)
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

@Test func `an empty body stays empty`() throws {
  for label in ["gzip", "deflate", nil] { #expect(try decoded([], label) == []) }
}

@Test func `any bytes after a mark end in a value or an error`() {
  var state: UInt64 = 42
  for round in 0..<2000 {
    var body: [UInt8] = [
      [0x1F, 0x8B, 8, 0], [0x78, 0x9C], [0x28, 0xB5, 0x2F, 0xFD], [0x1B], [],
    ][round % 5]
    for _ in 0..<(round % 97) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      body.append(UInt8(truncatingIfNeeded: state >> 33))
    }
    do {
      let plain = try decode(body, label: ["deflate", "br", nil][round % 3], bytesMax: 4096)
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

@Test(arguments: ["zstd", "gzip", "br", "deflate", "UTF-8", nil] as [String?])
func `a zstd body is recognised whatever its label`(label: String?) throws {
  #expect(try decoded(zstd(plain), label) == plain)
  #expect(try decoded(zstd(plain, checksum: false), label) == plain)
}

@Test func `all frames of a zstd body count, and those that are to be skipped are skipped`() throws
{
  let skipped: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
  #expect(try decoded(skipped + zstd(plain) + skipped + zstd(plain)) == plain + plain)
  #expect(try decoded(zstd(plain) + Array("garbage".utf8)) == plain)
  #expect(try decoded(skipped).isEmpty)
}

@Test func `a zstd body that is cut or damaged is refused`() {
  let body = zstd(plain)
  for count in [5, body.count / 2, body.count - 4, body.count - 1] {
    #expect(throws: FetchFailure.badEncoding(detail: "the compressed data ends too early")) {
      try decoded(Array(body[..<count]))
    }
  }
  var damaged = body
  damaged[damaged.count - 1] ^= 1
  #expect(throws: FetchFailure.badEncoding(detail: "zstd: Restored data doesn't match checksum")) {
    try decoded(damaged)
  }
  #expect(throws: FetchFailure.self) { try decoded(body + Array(body.dropLast())) }
}

@Test func `a zstd window larger than eight megabytes is refused`() throws {
  let long = [UInt8](repeating: 0x61, count: 600_000)
  #expect(try decoded(zstd(long, windowBits: 23)) == long)
  #expect(
    throws: FetchFailure.badEncoding(detail: "zstd: Frame requires too much memory for decoding")
  ) { try decoded(zstd(long, windowBits: 24)).count }
}

@Test(arguments: [16, 22, 24] as [Int32], [0, 5, 11] as [Int32])
func `a brotli body is decoded with its label and without one`(
  windowBits: Int32,
  quality: Int32
) throws {
  for text in [plain, Array("{\"a\":1}".utf8), Array(sampleFeed.utf8), plain + [0] + plain] {
    let body = brotli(text, quality: quality, windowBits: windowBits)
    for label in ["br", "BR", nil, "UTF-8", "gzip"] { #expect(try decoded(body, label) == text) }
  }
}

@Test func `a brotli body that is cut or damaged is refused when it is labelled`() {
  let body = brotli(plain)
  for count in [8, body.count / 2, body.count - 1] {
    #expect(throws: FetchFailure.badEncoding(detail: "the compressed data ends too early")) {
      try decoded(Array(body[..<count]), "br")
    }
  }
  let noise = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 1) }
  #expect(throws: FetchFailure.self) { try decoded(noise, "br") }
}

@Test func `what is no text and no brotli either stays as it is without a label`() throws {
  let body = Array(brotli(plain).dropLast())
  #expect(try decoded(body) == body)
  #expect(try decoded(brotli(plain) + [0]) == brotli(plain) + [0])
  let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
  #expect(try decoded(picture) == picture)
}

@Test func `text in any encoding is not taken for compressed`() throws {
  let texts: [[UInt8]] = [
    [0xFE, 0xFF, 0, 0x3C, 0, 0x61], [0xFF, 0xFE, 0x3C, 0, 0x61, 0], [0x3C, 0, 0x61, 0],
    [0, 0x3C, 0, 0x61], [0x3C, 0x61, 0x1B, 0x24, 0x42, 0x3E], [0xEF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2],
    Array("please poll less".utf8), Array("[1]".utf8), [0x0A, 0x09, 0x20],
  ]
  for text in texts {
    for label in ["br", "deflate", "gzip", nil] { #expect(try decoded(text, label) == text) }
  }
}

@Test func `layers of different formats are undone, last one first`() throws {
  #expect(try decoded(brotli(compressed(plain)), "gzip, br") == plain)
  #expect(try decoded(compressed(brotli(plain)), "br, gzip") == plain)
  #expect(try decoded(zstd(brotli(plain)), "br, zstd") == plain)
  #expect(throws: FetchFailure.badEncoding(detail: "more than two layers")) {
    try decoded(zstd(brotli(compressed(plain))), "gzip, br, zstd")
  }
}

@Test(arguments: ["zstd", "br"])
func `what comes out of the younger formats is counted too`(label: String) throws {
  func packed(_ count: Int) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: count)
    return label == "br" ? brotli(zeros) : zstd(zeros)
  }
  #expect(try decoded(packed(1_000_000), label).count == 1_000_000)
  for body in [packed(1_000_001), packed(50_000_000)] {
    #expect(body.count < 60_000)
    #expect(throws: FetchFailure.tooLarge(limitBytes: 1_000_000)) { try decoded(body, label).count }
  }
}

@Test func `a bomb of any kind takes no more than twice the limit of memory`() async {
  await #expect(processExitsWith: .success) {
    let bytesMax = 16 << 20
    let zeros = [UInt8](repeating: 0, count: 200 << 20)
    let bombs = [
      compressed(zeros), brotli(zeros), brotli(zeros, windowBits: 24), zstd(zeros),
      zstd(zeros, windowBits: 23), compressed(compressed(zeros)), zstd(brotli(zeros)),
      brotli(compressed([UInt8](repeating: 1, count: bytesMax)) + [0]),
    ]
    for bomb in bombs {
      let before = peakKilobytes(reset: true)
      do throws(FetchFailure) {
        let plain = try decode(bomb, label: "br", bytesMax: bytesMax)
        precondition(plain.count <= bytesMax, "The limit holds.")
      } catch { precondition(error == .tooLarge(limitBytes: bytesMax), "\(error)") }
      let growth = peakKilobytes(reset: false) - before
      precondition(growth <= 2 * bytesMax / 1024 + 512, "\(growth) KB for \(bomb.count) bytes")
    }
  }
}

/// The most memory that this process has had since the last reset, or has at the reset.
private func peakKilobytes(reset: Bool) -> Int {
  if reset, let file = unsafe fopen("/proc/self/clear_refs", "w") {
    unsafe fputs("5", file)
    unsafe fclose(file)
  }
  guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
  defer { unsafe fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while unsafe fgets(&line, 256, file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    if text.hasPrefix("VmHWM:") {
      return text.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
    }
  }
  return 0
}
