import FeedText
import Testing

@Test func `a paragraph is folded and wrapped to the width`() {
  #expect(
    render("<p>one  two\n three four five</p>", width: 10) == ["one two", "three four", "five"]
  )
}

@Test func `paragraphs are parted by one blank line, and none stands at the ends`() {
  #expect(
    render("<p></p><p>a</p>\n\n<p>b</p><br><p>&nbsp;</p><p>c</p><br>") == ["a", "", "b", "", "c"]
  )
}

@Test func `nothing to read gives no lines`() {
  for html in [
    "", " \n", "<p> </p>", "<script>x</script>", "<img alt=\"\">", "<li></li>", "<h1></h1>",
  ] {
    #expect(render(html) == [], "\(html)")
  }
}

@Test func `headings carry their level`() {
  #expect(render("<h1>One</h1><h3>Three</h3>text") == ["# One", "", "### Three", "", "text"])
}

@Test func `a long heading is wrapped under its text`() {
  #expect(render("<h2>aaa bbb ccc ddd</h2>", width: 10) == ["## aaa bbb", "   ccc ddd"])
}

@Test func `list items hang from their marks, and inner lists stand close`() {
  let html = "<ul><li>one two three</li><li>b<ul><li>c</li></ul></li></ul>after"
  #expect(render(html, width: 10) == ["• one two", "  three", "• b", "  • c", "", "after"])
}

@Test func `numbered lists count from their start and obey values`() {
  let html = "<ol start=9><li>a</li><li>b</li><li value=20>c</li><li>d</li></ol>"
  #expect(render(html) == ["9. a", "10. b", "20. c", "21. d"])
  #expect(render("<ol start=x><li>a</ol>") == ["1. a"])
  #expect(render("<ol start=9223372036854775807><li>a<li>b</ol>").count == 2)
}

@Test func `terms and what they mean`() {
  #expect(
    render("<dl><dt>T<dd>means a lot<dt>U<dd>x</dl>", width: 14)
      == ["T", "    means a", "    lot", "U", "    x"]
  )
}

@Test func `quotes are marked on every line, also blank ones and inner ones`() {
  let html = "<blockquote><p>a</p><p>b</p><blockquote>c</blockquote></blockquote>d"
  #expect(render(html) == ["> a", ">", "> b", ">", "> > c", "", "d"])
}

@Test func `preformatted text is kept as it is, wider than the width`() {
  let html = "x<pre><code>\n  let a = 1\n\n\tif b { return }  // long</code>\n\n</pre>y"
  #expect(
    render(html, width: 12)
      == ["x", "", "  let a = 1", "", "        if b { return }  // long", "", "y"]
  )
}

@Test func `lines of preformatted text may be blocks or breaks`() {
  #expect(render("<pre><div>a</div><div>b</div>c<br>d</pre>") == ["a", "b", "c", "d"])
}

@Test func `code is marked in a line`() {
  #expect(render("Use <code>make &amp;&amp; x</code> now") == ["Use `make && x` now"])
}

@Test func `links are numbered in reading order and listed once`() {
  let result = renderText(
    html: "<a href='/b'>B</a>, <a href='http://x.org/'>X</a>, <a href='/b'>again</a>.",
    baseURL: "https://e.org/a/",
    width: 80
  )
  #expect(result.lines == ["B [1], X [2], again [1]."])
  #expect(result.links == ["https://e.org/b", "http://x.org/"])
}

@Test func `the number of a link stays with its last word`() {
  #expect(render("<p>aaa bbb <a href=http://x/>ccc</a></p>", width: 11) == ["aaa bbb", "ccc [1]"])
}

@Test func `a link around blocks is numbered once`() {
  let html = "<a href=http://x/><h2>T</h2><p>text</p></a>"
  #expect(render(html) == ["## T [1]", "", "text"])
}

@Test func `only web and mail addresses are links`() {
  let result = renderText(
    html: """
      <a href="javascript:alert(1)">a</a> <a href=" JaVa&#9;Script:x">b</a> <a href="data:x,y">c</a>
      <a href="file:///etc/passwd">d</a> <a href="#f">e</a> <a href="">f</a> <a>g</a>
      <a href="mailto:a@b.org">h</a> <a href="HTTPS://X.org/a b">i</a> <a href="http:x">j</a>
      """,
    baseURL: nil,
    width: 80
  )
  #expect(result.lines == ["a b c d e f g h [1] i [2] j"])
  #expect(result.links == ["mailto:a@b.org", "https://x.org/a%20b"])
}

@Test func `a link without text has no number`() {
  #expect(
    renderText(html: "a<a href=http://x/></a>b", baseURL: nil, width: 80)
      == RenderedText(lines: ["ab"], links: [])
  )
}

@Test func `a heading's link to itself is not there`() {
  for sign in ["#", " ¶ ", "<span>🔗</span>"] {
    let html = "<h2>A part <a href=http://x/#part>\(sign)</a></h2><p>b <a href=/c#d>c</a>"
    let text = renderText(html: html, baseURL: "http://x/", width: 80)
    #expect(text.lines == ["## A part", "", "b c [1]"])
    #expect(text.links == ["http://x/c#d"])
  }
  #expect(render("<a href=http://x/>#</a> <a href=http://x/#y>#1</a>") == ["# [1] #1 [2]"])
  #expect(render("see <a href=http://law.example/x#5>§</a> 5") == ["see § [1] 5"])
}

@Test func `a link without text has no number in code either`() {
  let html =
    "<pre><a href=http://x/#cb1-1></a>let a\n<a href=http://x/#cb1-2></a>\n<a href=http://y/>b</a></pre>"
  let text = renderText(html: html, baseURL: nil, width: 80)
  #expect(text.lines == ["let a", "", "b [1]"])
  #expect(text.links == ["http://y/"])
}

@Test func `relative links without a base are not listed`() {
  #expect(
    renderText(html: "<a href=/x>a</a>", baseURL: nil, width: 80)
      == RenderedText(lines: ["a"], links: [])
  )
}

@Test func `pictures give their words`() {
  #expect(render("<img src=a alt='A  cat'>") == ["[image: A cat]"])
  #expect(render("<img src=a>") == ["[image]"])
  #expect(render("x<img src=a alt=''>y") == ["xy"])
  #expect(render("<img src=a alt='Comic' title='The joke'>") == ["[image: Comic (The joke)]"])
  #expect(render("<a href=http://x/><img src=a alt=b></a>") == ["[image: b] [1]"])
}

@Test func `pictures of one pixel and hidden elements are not there`() {
  #expect(
    render("a<img src=x width=1 height=1>b<span hidden>c</span><p style='Display : none'>d</p>e")
      == ["abe"]
  )
  #expect(render("<img src=x width='100%' alt=a>") == ["[image: a]"])
}

@Test func `sound and film are links to themselves`() {
  let result = renderText(
    html: "<video><source src=/v.mp4><p>Buy a browser</p></video> <audio src=http://a/b></audio>",
    baseURL: "http://e.org/",
    width: 80
  )
  #expect(result.lines == ["[video] [1] [audio] [2]"])
  #expect(result.links == ["http://e.org/v.mp4", "http://a/b"])
}

@Test func `a small table is set in columns, with its head ruled off`() {
  let html = """
    <table><caption>Cap</caption><tr><th>Name</th><th>N</th></tr>
    <tr><td>日本</td><td>1</td></tr><tr><td><p>x</p></td><td><a href=http://x/>y</a></td></tr></table>
    """
  #expect(
    render(html)
      == ["Cap", "Name | N", "-----+------", "日本 | 1", "x    | y [1]"]
  )
}

@Test func `a table that is too wide has its cells one after another`() {
  let html = "<table><tr><td>aaaa bbbb<td>cccc</tr><tr><td>d<td>e</table>"
  #expect(render(html, width: 10) == ["aaaa bbbb", "| cccc", "d | e"])
}

@Test func `a table that places blocks is read as blocks`() {
  let html = "<table><tr><td><ul><li>a</ul><td><p>b</p><p>c</p></table>"
  #expect(render(html) == ["• a", "", "b", "", "c"])
}

@Test func `a rule takes the room that there is`() {
  #expect(render("a<hr>b", width: 10) == ["a", "", "──────────", "", "b"])
  #expect(render("<blockquote><hr></blockquote>", width: 10) == ["> ────────"])
}

@Test func `exponents do not run into their base`() {
  #expect(
    render("10<sup>9</sup> 1<sup>st</sup> H<sub>2</sub>O m<sup>-2</sup> <sup>1</sup>")
      == ["10^9 1st H2O m^-2 1"]
  )
}

@Test func `readings stand in brackets once`() {
  #expect(
    render("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby><ruby>字<rt>ji</ruby>") == ["漢(kan)字(ji)"]
  )
}

@Test func `quoted and deleted words are marked`() {
  #expect(render("<q>a</q> <del>b</del> <s>c </s>d") == ["“a” ~~b~~ ~~c~~ d"])
}

@Test func `line breaks break, two make a gap`() {
  #expect(render("a<br>b<br/><br>c") == ["a", "b", "", "c"])
}

@Test func `a word wider than the line is cut`() {
  #expect(render("<p>ab cdefghijklmnop q</p>", width: 8) == ["ab", "cdefghij", "klmnop q"])
}

@Test func `an unbreakable space breaks only a word that is too wide`() {
  #expect(render("aaaa 10&nbsp;kg", width: 8) == ["aaaa", "10 kg"])
  #expect(render("aaaa&nbsp;bbbb&nbsp;cccc", width: 9) == ["aaaa bbbb", "cccc"])
}

@Test func `chinese and japanese break anywhere but before a closing mark`() {
  #expect(render("日本語の文章。長い", width: 12) == ["日本語の文", "章。長い"])
  #expect(render("「日本」「語」", width: 8) == ["「日本」", "「語」"])
}

@Test func `no line is wider than asked for, however deep it stands`() {
  let html =
    String(repeating: "<blockquote><ol><li>", count: 40) + "some words to be wrapped here 日本語"
  for line in render(html, width: 30) { #expect(cellWidth(line) <= 30, "\(line)") }
  #expect(render(html, width: 30).joined().contains("wrapped"))
}

@Test func `control characters do not come through references`() {
  let html =
    "a&#27;]0;title&#7;b&#x9b;31mc&#x202e;d<pre>e&#27;[2J&#13;f</pre><img alt='&#27;[0m' src=x>"
  #expect(hostileScalars(render(html).joined(separator: "\n")) == [])
}

@Test func `plain text keeps its lines and wraps long ones under their indent`() {
  let text = "one two three\n\n\n\n  four five six\n\tx\r\ny\n"
  #expect(
    renderText(plain: text, width: 10).lines
      == ["one two", "three", "", "  four", "  five six", "x", "y"]
  )
}

@Test func `plain text is filtered and is not read as HTML`() {
  #expect(
    renderText(plain: "<b>&amp;\u{1B}[2J", width: 40)
      == RenderedText(lines: ["<b>&amp;[2J"], links: [])
  )
}

private func render(_ html: String, width: Int = 60) -> [String] {
  renderText(html: html, baseURL: nil, width: width).lines
}
