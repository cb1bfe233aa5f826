import Testing

@testable import FeedFetch

@Test(
  arguments: [
    ("please poll less\n", "please poll less"),
    (
      "<html><head><style>p { x }</style><script>if (a < b) {}</script></head><p>Slow <b>down</b>!",
      "Slow down !"
    ),
    (
      "<!-- a > b --><P>Not&nbsp;found &amp; gone &#8212; &#x41;</P>", "Not found & gone \u{2014} A"
    ),
    ("a < b and 5 <6", "a < b and 5 <6"), ("x &unknown; y & z", "x &unknown; y & z"),
    ("a\u{1B}[31mred\u{7}\u{202E}b", "a [31mred b"), ("  \r\n\t ", nil), ("<p></p>", nil),
    ("", nil),
    ("<!DOCTYPE html><title>502</title>", "502"),
    (
      "<title>503 Try later</title><center><h1>503 Try later</h1></center>nginx",
      "503 Try later nginx"
    ), ("open <p", "open"), ("<STYLE>x</STYLE >y", "y"),
  ] as [(String, String?)]
)
func `of an error page the readable text is left`(body: String, text: String?) {
  #expect(readableText(Array(body.utf8)) == text)
}

@Test func `the text is cut at 500 characters`() throws {
  let text = try #require(readableText(Array(repeating: UInt8(ascii: "x"), count: 100_000)))
  #expect(text.count == 500)
}

@Test func `bytes that are no UTF-8 become replacement characters`() {
  #expect(readableText([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
}

@Test func `a page of a million open angle brackets is read in no time`() {
  #expect(readableText(Array(repeating: UInt8(ascii: "<"), count: 1_000_000))?.count == 500)
}
