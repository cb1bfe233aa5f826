import Testing

@testable import FeedJSON

@Test func `a run ends at the first quote, backslash or control, wherever it stands`() {
  for length in 0..<26 {
    for place in 0...length {
      for byte in [0x00, 0x01, 0x1F, 0x22, 0x5C] as [UInt8] {
        for filler in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7E, 0x7F, 0x61] as [UInt8] {
          var bytes = [UInt8](repeating: filler, count: length)
          if place < length { bytes[place] = byte }
          let run = plainRun(bytes, in: 0..<length)
          #expect(run.end == place)
          #expect(run.isASCII)
        }
      }
    }
  }
}

@Test func `every byte ends a run or belongs to it, after each other byte`() {
  for first in UInt8.min...UInt8.max {
    for second in UInt8.min...UInt8.max {
      func ends(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }
      let bytes = [0x61, 0x61, first, second, 0x61, 0x61, 0x61, 0x61, 0x61]
      let end = ends(first) ? 2 : ends(second) ? 3 : 9
      let run = plainRun(bytes, in: 0..<9)
      #expect(run.end == end)
      #expect(run.isASCII == bytes[..<end].allSatisfy { $0 < 0x80 })
    }
  }
}

@Test func `a run does not look beyond its range`() {
  let bytes: [UInt8] = [0x22, 0x61, 0x61, 0x61, 0xC3, 0x22, 0x22]
  #expect(plainRun(bytes, in: 1..<4) == (4, true))
  #expect(plainRun(bytes, in: 1..<5) == (5, false))
  #expect(plainRun(bytes, in: 2..<2) == (2, true))
  #expect(plainRun([], in: 0..<0) == (0, true))
}

@Test func `a string is the same however its escapes and long runs are mixed`() throws {
  let pieces = [
    "", "a", "\"", "\\", "\n", "é", "😀", "\u{2028}", "\u{85}", "seven77", "eightt88",
    String(repeating: "x", count: 100), String(repeating: "ü", count: 50),
  ]
  for first in pieces {
    for second in pieces {
      for third in pieces {
        let text = first + second + third
        var writer = JSONWriter()
        writer.value(text)
        var reader = JSONReader(writer.bytes)
        #expect(try reader.string() == text)
        try reader.finish()
        #expect(!reader.wasMended)
      }
    }
  }
}

@Test func `raw controls and bad bytes are refused or mended at any distance from the start`()
  throws
{
  for distance in 0..<20 {
    for (middle, mended) in [([0x01], "\u{1}"), ([0xFF], "\u{FFFD}")] as [([UInt8], String)] {
      for escape in ["", "\\n"] {
        let before = String(repeating: "a", count: distance)
        let bytes = Array("\"\(escape)\(before)".utf8) + middle + Array("bc\"".utf8)
        var strict = JSONReader(bytes)
        #expect(throws: JSONError.self) { try strict.string() }
        var lenient = JSONReader(bytes, rules: .lenient)
        #expect(try lenient.string() == (escape.isEmpty ? "" : "\n") + before + mended + "bc")
        #expect(lenient.wasMended)
      }
    }
  }
}
