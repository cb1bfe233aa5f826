import FeedText
import Testing

/// What must never reach a terminal from a feed.
func hostileScalars(_ text: String) -> [Unicode.Scalar] {
  text.unicodeScalars.filter { scalar in
    switch scalar.value {
    case 0x0A: false
    case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060,
      0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: false
    }
  }
}

@Test(arguments: [
  ("\u{1B}]0;title\u{07}x", "]0;titlex"),
  ("\u{1B}]2;title\u{1B}\\x", "]2;title\\x"),
  ("\u{1B}]52;c;cm0gLXJm\u{07}", "]52;c;cm0gLXJm"),
  ("\u{1B}]8;;http://evil/\u{1B}\\text\u{1B}]8;;\u{1B}\\", "]8;;http://evil/\\text]8;;\\"),
  ("\u{1B}]8;;http://evil/ never ended", "]8;;http://evil/ never ended"),
  ("\u{1B}P$q\"p\u{1B}\\", "P$q\"p\\"),
  ("\u{05}", ""),
  ("\u{1B}[?1049h\u{1B}[2J", "[?1049h[2J"),
  ("\u{1B}[?1003h", "[?1003h"),
  ("\u{1B}Pq#0;2;0;0;0\u{1B}\\", "Pq#0;2;0;0;0\\"),
  ("\u{1B}_Ga=T;AAAA\u{1B}\\", "_Ga=T;AAAA\\"),
  ("\u{1B}^secret\u{1B}\\", "^secret\\"),
  ("\u{1B}c\u{1B}7\u{1B}8", "c78"),
  ("\u{1B}[21t\u{1B}[6n", "[21t[6n"),
  (String(repeating: "\u{07}", count: 1000), ""),
  ("a\u{0E}b\u{0F}", "ab"),
  ("a\u{08}\u{08}b", "ab"),
  ("a\u{7F}b", "ab"),
  ("\u{9B}31mred", "31mred"),
  ("\u{9D}0;title\u{9C}", "0;title"),
  ("\u{90}q\u{9C}\u{85}", "q"),
  ("a\u{0}b", "ab"),
  ("safe\rEVIL", "safe EVIL"),
  ("a\r\nb\nc\td\u{0B}e\u{0C}f", "a b c def"),
  ("a\u{2028}b\u{2029}c", "a b c"),
  ("user\u{202E}gpj.exe", "usergpj.exe"),
  ("\u{202A}\u{202B}\u{202C}\u{202D}a\u{2066}\u{2067}\u{2068}\u{2069}", "a"),
  ("\u{200E}a\u{200F}b\u{61C}", "ab"),
  ("a\u{200B}b\u{2060}c\u{FEFF}d\u{AD}e", "abcde"),
  ("a\u{E0041}\u{E0042}\u{E007F}b", "ab"),
  ("a\u{FFF9}b\u{FFFA}c\u{FFFB}d", "abcd"),
])
func `what steers a terminal is removed`(text: String, expected: String) {
  #expect(terminalSafe(text) == expected)
  #expect(hostileScalars(terminalSafe(text, keepingNewlines: true)) == [])
}

@Test func `newlines stay where they are asked for`() {
  #expect(terminalSafe("a\nb\r\nc\rd\u{2028}e\tf", keepingNewlines: true) == "a\nb\nc\nd\ne f")
}

@Test func `clean text of any script comes back as it is`() {
  for text in [
    "", "plain ASCII ~", "Grüße, señor", "日本語", "한국어", "العربية", "עברית", "हिन्दी",
    "ไทย", "e\u{301}", "می\u{200C}خواهم", "tiếng Việt", "10\u{A0}kg",
  ] {
    #expect(terminalSafe(text).unicodeScalars.elementsEqual(text.unicodeScalars), "\(text)")
  }
}

@Test func `at most eight marks stay on a base`() {
  let marks = String(repeating: "\u{301}", count: 500)
  #expect(terminalSafe("a\(marks)b\(marks)").unicodeScalars.count == 2 * 9)
}

@Test func `marks cannot hide behind joiners, tones, jamo or variation selectors`() {
  for extra in ["\u{200C}", "\u{1F3FB}", "\u{1161}", "\u{FE00}", "\u{20DD}", "\u{903}"] {
    let text = "👍" + String(repeating: extra + "\u{301}\u{302}\u{303}", count: 200)
    let safe = terminalSafe(text)
    #expect((safe.map(\.unicodeScalars.count).max() ?? 0) <= 9, "\(extra.unicodeScalars)")
  }
}

@Test func `joined emoji stay whole`() {
  for text in ["👨‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👨🏻", "🏳️‍🌈", "❤️", "1️⃣", "🇩🇪", "👍🏿", "🏴‍☠️"] {
    #expect(terminalSafe(text).unicodeScalars.elementsEqual(text.unicodeScalars), "\(text)")
  }
}

@Test func `joiners and picture selectors go where there is no emoji`() {
  #expect(terminalSafe("a\u{200D}b\u{200D}") == "ab")
  #expect(terminalSafe("👍\u{200D}a") == "👍a")
  #expect(terminalSafe("a\u{FE0F}1\u{FE0F}b❤\u{FE0F}\u{FE0F}") == "a1b❤\u{FE0F}")
}

@Test func `a chain of joined emoji is cut into pictures`() {
  let chain = Array(repeating: "👩", count: 1000).joined(separator: "\u{200D}")
  let safe = terminalSafe(chain)
  #expect(safe.count > 100)
  #expect((safe.map(\.unicodeScalars.count).max() ?? 0) <= 18)
}

@Test func `filtering twice changes nothing`() {
  let texts = [
    "👍\u{200D}\u{200B}👍", "a\u{200B}\u{301}", "❤\u{200B}\u{FE0F}", "\r\u{200B}\n",
    "1\u{FE0F}\u{200B}\u{20E3}",
    String(repeating: "a\u{301}\u{200D}👍\u{1F3FB}", count: 20),
    String(repeating: "👍\u{200D}", count: 40) + String(repeating: "\u{302}", count: 20),
  ]
  for text in texts {
    let once = terminalSafe(text)
    #expect(
      terminalSafe(once).unicodeScalars.elementsEqual(once.unicodeScalars),
      "\(text.debugDescription)"
    )
  }
}
