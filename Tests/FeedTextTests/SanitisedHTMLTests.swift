import TestSupport
import Testing

@testable import FeedText

@Test(arguments: htmlAttacks)
func `nothing harmful is left of an attack`(attack: String) {
  for html in [
    attack, "<table><tr>\(attack)</table>", "<svg>\(attack)", "<p>\(attack)</p>",
    "<pre>\n\(attack)",
  ] {
    let clean = sanitisedHTML(html, baseURL: "https://e.org/a/")
    #expect(faults(in: clean) == [], "\(html)")
    #expect(sanitisedHTML(clean, baseURL: "https://e.org/a/") == clean, "\(html)")
    #expect(sanitisedHTML(clean, baseURL: nil) == clean, "\(html)")
  }
}

@Test func `what is allowed stays as it was written`() {
  let html = """
    <h2>T &amp; U</h2><p>a <em>b</em> <strong>c</strong><br>d</p><ul><li>e</li></ul>\
    <ol start="3"><li value="4">f</li></ol><blockquote><p>g</p></blockquote>\
    <table><tbody><tr><td colspan="2">h</td></tr></tbody></table>\
    <pre><code class="language-swift">let x = "&lt;y&gt;"</code></pre>
    """
  let expected = html.replacing("\"&lt;", with: "&quot;&lt;")
    .replacing("&gt;\"<", with: "&gt;&quot;<")
  #expect(sanitisedHTML(html, baseURL: nil) == expected)
}

@Test func `links open apart and tell nothing`() {
  #expect(
    sanitisedHTML("<a href='/x?a&b' onclick=x target=_top>y</a>", baseURL: "https://e.org/")
      == """
      <a href="https://e.org/x?a&amp;b" target="_blank" rel="noopener noreferrer nofollow">y</a>
      """
  )
}

@Test func `a link to what is not allowed is an anchor without address`() {
  #expect(sanitisedHTML("<a href=javascript:x>y</a>", baseURL: nil) == "<a>y</a>")
  #expect(sanitisedHTML("<a href=relative>y</a>", baseURL: nil) == "<a>y</a>")
}

@Test func `pictures load late and tell nothing, and those of one pixel go`() {
  #expect(
    sanitisedHTML(
      "<img src=/i.png alt=x width=640><img src=/p.gif width=1 height=1>",
      baseURL: "https://e.org/"
    )
      == """
      <img src="https://e.org/i.png" alt="x" width="640" loading="lazy" referrerpolicy="no-referrer">
      """
  )
}

@Test func `a picture may be written into its address`() {
  let html = "<img src=\"data:image/png;base64,iVBORw0KGgo=\">"
  #expect(sanitisedHTML(html, baseURL: nil).contains("src=\"data:image/png;base64,iVBORw0KGgo=\""))
}

@Test func `every candidate of a source set is judged`() {
  let html =
    "<img src=a.png srcset=\"b.png 1x, javascript:x 2x,c.png 300w, d.png bad, //x.org/e.png\">"
  #expect(
    sanitisedHTML(html, baseURL: "https://e.org/")
      .contains(
        "srcset=\"https://e.org/b.png 1x, https://e.org/c.png 300w, https://x.org/e.png\""
      )
  )
}

@Test func `sound and film keep their sources and start by themselves never`() {
  #expect(
    sanitisedHTML(
      "<video autoplay src=x><source src=/v.mp4 type=video/mp4></video><source src=/y>",
      baseURL: "https://e.org/"
    )
      == """
      <video src="https://e.org/x" controls="" preload="none">\
      <source src="https://e.org/v.mp4" type="video/mp4"></video>
      """
  )
}

@Test func `the first line feed of preformatted text survives`() {
  let html = "<pre>\n\na</pre>"
  #expect(sanitisedHTML(html, baseURL: nil) == html)
  #expect(sanitisedHTML("<pre><font>\na</font></pre>", baseURL: nil) == "<pre>\n\na</pre>")
}

@Test func `deep and endless texts come to rest`() {
  for html in [
    String(repeating: "<div>", count: 5000) + "x",
    String(repeating: "<table><tr><td>", count: 2000) + "x",
    String(repeating: "<b><i><p>x</b>", count: 500),
    String(repeating: "<a href=http://x/><table>", count: 300) + "x",
  ] {
    let clean = sanitisedHTML(html, baseURL: nil)
    #expect(clean.contains("x"))
    #expect(sanitisedHTML(clean, baseURL: nil) == clean)
  }
}

@Test func `random tag soup is safe and settled`() {
  var random = SplitMix(state: 20_261_122)
  let names =
    HTMLTag.allCases.map(\.rawValue) + [
      "svg", "math", "style", "form", "select", "button", "template",
    ]
  for _ in 0..<400 {
    let html = soup(of: names, with: &random)
    let clean = sanitisedHTML(html, baseURL: nil)
    #expect(faults(in: clean) == [], "\(html)")
    #expect(sanitisedHTML(clean, baseURL: nil) == clean, "\(html)")
  }
}

/// What a browser would see in a text that must not be there.
private func faults(in html: String) -> [String] {
  var faults: [String] = []
  let allowedNames: Set = [
    "title", "lang", "dir", "href", "src", "poster", "srcset", "alt", "width", "height", "type",
    "cite",
    "datetime", "start", "value", "reversed", "open", "colspan", "rowspan", "span", "scope",
    "align",
    "class", "target", "rel", "loading", "referrerpolicy", "controls", "preload",
  ]
  for case .open(let element) in parseHTML(html) {
    for (name, value) in element.attributes {
      if !allowedNames.contains(name) { faults.append("attribute \(name)") }
      if ["href", "src", "poster", "cite"].contains(name),
        !["http://", "https://", "mailto:", "data:image/png"].contains(where: value.hasPrefix)
      {
        faults.append("address \(value)")
      }
    }
  }
  // The tree above knows only harmless elements; a tag of another would be dropped by it unseen.
  for piece in html.split(separator: "<").dropFirst(html.hasPrefix("<") ? 0 : 1) {
    let name = piece.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
    if HTMLTag(rawValue: String(name)) == nil { faults.append("element \(name)") }
  }
  return faults
}

private func soup(of names: [String], with random: inout SplitMix) -> String {
  let texts = ["x", " ", "\n", "&lt;", "<", "<!--", "-->", "\"", "'"]
  let attributes = [
    "", "", " href=http://x/", " onclick=x", " title='<b>'", " =y", "/", " src=http://x/",
  ]
  let some = (0..<8).map { _ in names.randomElement(using: &random) ?? "p" }
  return (0..<60)
    .map { _ in
      let name = some.randomElement(using: &random) ?? "p"
      switch Int.random(in: 0..<10, using: &random) {
      case 0...4: return "<\(name)\(attributes.randomElement(using: &random) ?? "")>"
      case 5...7: return "</\(name)>"
      default: return texts.randomElement(using: &random) ?? "x"
      }
    }
    .joined()
}

/// The same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Test func `plain text is no markup where it is shown as HTML`() {
  let html = sanitisedHTML(plain: "<script>x</script>\na & \u{1B}b\r\n \n\n\"c\"\n")
  #expect(html == "<p>&lt;script&gt;x&lt;/script&gt;<br>a &amp; b</p><p>&quot;c&quot;</p>")
  #expect(sanitisedHTML(html, baseURL: nil) == html)
}
