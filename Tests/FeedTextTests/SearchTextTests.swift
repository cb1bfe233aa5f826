import FeedText
import Testing

@Test(
  arguments: [
    ("<p>one</p><p>two</p>", "one two"), ("<b>Har</b>bour", "Harbour"),
    ("a<br>b<!-- no -->c", "a bc"), ("<script>var x = '<p>'</script>after", "after"),
    ("<STYLE>p{}</STYLE >x", "x"), ("caf&eacute; &amp; bar", "café & bar"),
    ("&#233;t&#xE9;&rsquo;s", "été s"), ("1 < 2 and 3 > 2", "1 2 and 3 2"),
    ("<a title=\"x > y\">link</a>", "link"), ("cut <a href=", "cut"), ("AT&T", "AT&T"),
  ]
)
func `words are those of the shown text`(html: String, expected: String) {
  func words(_ text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
  #expect(words(searchText(html: html)) == words(expected))
}
