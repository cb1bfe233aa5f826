import FeedText
import Testing

@Test(arguments: [
  ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국어", 6), ("ｱ", 1), ("Ａ", 2),
  ("ไทย", 3), ("ที่", 1), ("עִבְרִית", 5), ("😀", 2), ("❤", 1), ("❤️", 2), ("👨‍👩‍👧‍👦", 2), ("👍🏿", 2),
  ("🇩🇪", 2), ("1️⃣", 2), ("☎", 1), ("⌚", 2), ("🈁", 2), ("𠀀", 2), ("…", 1), ("─", 1), ("\u{A0}", 1),
  ("\u{1100}\u{1161}\u{11A8}", 2), ("a\u{0}b", 2), ("हिन्दी", 5), ("🦀", 2), ("🫠", 2), ("〜", 2),
])
func `text takes cells, not characters`(text: String, cells: Int) {
  #expect(cellWidth(text) == cells)
}

@Test func `text that fits is not cut`() {
  #expect(fitted("abc", toCells: 3) == "abc")
  #expect(fitted("日本", toCells: 4) == "日本")
}

@Test func `text that does not fit ends with an ellipsis inside the limit`() {
  #expect(fitted("abcd", toCells: 3) == "ab…")
  #expect(fitted("日本語", toCells: 5) == "日本…")
  #expect(fitted("日本語", toCells: 4) == "日…")
  #expect(fitted("abc", toCells: 1) == "…")
  #expect(fitted("abc", toCells: 0) == "")
  #expect(fitted("abc", toCells: -1) == "")
}

@Test func `a grapheme is never split`() {
  #expect(fitted("e\u{301}e\u{301}e\u{301}", toCells: 2) == "e\u{301}…")
  #expect(fitted("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", toCells: 5) == "👨‍👩‍👧‍👦👨‍👩‍👧‍👦…")
  #expect(fitted("🇩🇪🇫🇷", toCells: 3) == "🇩🇪…")
}

@Test func `a cut text is as wide as it can be, whatever is in it`() {
  let text = "a日e\u{301}😀b❤️c한👍🏿d"
  for limit in 1...20 {
    let cut = fitted(text, toCells: limit)
    #expect(cellWidth(cut) <= limit)
    #expect(cellWidth(cut) >= min(limit - 1, cellWidth(text)))
  }
}

@Test func `padded text takes exactly the cells`() {
  for text in ["", "a", "日本語", "e\u{301}", "a long title"] {
    for limit in 0...8 {
      #expect(cellWidth(padded(text, toCells: limit)) == limit, "\(text) \(limit)")
    }
  }
  #expect(padded("7", toCells: 3, alignedRight: true) == "  7")
  #expect(padded("日", toCells: -1) == "")
}

@Test func `a megabyte of title is cut without reading it all`() {
  let title = String(repeating: "日", count: 350_000)
  #expect(fitted(title, toCells: 81) == String(repeating: "日", count: 40) + "…")
}
