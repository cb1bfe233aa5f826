import Testing

@testable import FeedText

/// Attacks of every family; what is asked of all is a property, not a certain output.
let attacks: [String] = [
  "<script>alert(1)</script>", "<SCRIPT SRC=//evil/x.js></SCRIPT>",
  "<scr<script>ipt>alert(1)</script>",
  "<img src=x onerror=alert(1)>", "<img src=x onerror\u{9}=alert(1)>",
  "<img/src=x/onerror=alert(1)>",
  "<img \"\"\"><script>alert(1)</script>\">", "<img src=`javascript:alert(1)`>",
  "<img src=\"javascript:alert(1)\">", "<img src=jav&#x09;ascript:alert(1)>",
  "<a href=\"javascript:alert(1)\">x</a>", "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
  "<a href=\" \u{1}javascript:alert(1)\">x</a>", "<a href=\"java\nscript:alert(1)\">x</a>",
  "<a href=\"java&#10;script&colon;alert(1)\">x</a>", "<a href=\"&#106;avascript:alert(1)\">x</a>",
  "<a href=\"feed:javascript:alert(1)\">x</a>", "<a href=\"vbscript:msgbox(1)\">x</a>",
  "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a href=\"view-source:x\">x</a>",
  "<a href=\"\\\\evil.example\\x\">x</a>", "<a href=\"blob:http://x/y\" ping=http://evil/>x</a>",
  "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">", "<img src=\"data:text/html,x\">",
  "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg/onload=alert(1)//",
  "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
  "<svg><style><img src=x onerror=alert(1)></style></svg>",
  "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
  "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
  "<math href=\"javascript:x\">x</math>",
  "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
  "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
  "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
  "<title><img title=\"</title><img src=x onerror=alert(1)>\">",
  "<xmp><p title=\"</xmp><img onerror=1>\">",
  "<style><img title=\"</style><img src=x onerror=alert(1)>\">",
  "<p style=\"x:expression(alert(1))\">x</p>",
  "<style>@import 'http://evil/x.css'</style>", "<link rel=stylesheet href=http://evil/x.css>",
  "<iframe src=\"javascript:alert(1)\"></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\">",
  "<object data=\"javascript:alert(1)\"></object>", "<embed src=\"javascript:alert(1)\">",
  "<applet code=x></applet>", "<base href=\"javascript:alert(1)//\">",
  "<base href=http://evil/><a href=x>y</a>",
  "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">", "<body onload=alert(1)>",
  "<form action=http://evil/><input name=x><button formaction=javascript:alert(1)>x</button></form>",
  "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)><option>x</select>",
  "<video src=x onerror=alert(1)></video>", "<video><source onerror=\"alert(1)\"></video>",
  "<audio src=javascript:alert(1)>", "<video poster=javascript:alert(1)></video>",
  "<details open ontoggle=alert(1)>x</details>", "<marquee onstart=alert(1)>x</marquee>",
  "<img srcset=\"http:a<script>alert(1)</script>\">",
  "<img src=http://a/b srcset=\"javascript:x 1x, c 2x\">",
  "<img src=x id=cookie name=getElementById>", "<a id=location href=x>y</a>",
  "<p class=\"modal fixed\">x</p>",
  "<table background=\"javascript:alert(1)\"><td background=x>y</table>",
  "<bgsound src=javascript:x>",
  "<template><script>alert(1)</script></template>",
  "<frameset onload=alert(1)><frame src=x></frameset>",
  "<isindex action=javascript:alert(1)>", "<keygen autofocus onfocus=alert(1)>",
  "<plaintext><script>x",
  "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
  "<!--[if IE]><script>alert(1)</script><![endif]-->",
  "<![CDATA[<script>alert(1)</script>]]>", "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
  "<a href=\"http://x/\" title='\"><script>alert(1)</script>'>y</a>",
  "<img src=http://x/ alt='\"><img src=x onerror=alert(1)>'>",
  "<a href='http://x/\" onclick=\"alert(1)'>y</a>",
  "<b <script>alert(1)</script>0", "<div onclick=alert(1)//<b>x", "<<script>alert(1)//<</script>",
  "<p/onclick=alert(1)>x", "<p \u{0C}onclick=alert(1)>x", "<p\u{1}onclick=alert(1)>x",
  "<a href=http://x/ style=position:fixed;inset:0 target=_top rel=opener>y</a>",
  "<img src=/logout width=1 height=1>", "<dialog open>x</dialog>", "<slot name=x>y</slot>",
  "<x-widget onclick=alert(1)>x</x-widget>", "<nobr><a><nobr><table><a>",
  "<a><table><td><a><table><style><!--</style></a><img src=x onerror=1>-->",
  "<p><table><p><svg><desc><table><p>", "<b><p><i></b><a href=x><div></i></a></p>",
  "<li><p><li><button><li></p>", "<pre>\n\n<b>\nx</b></pre>", "<ruby><rt><ruby><rt><p>x",
  "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;script&amp;gt;", "\u{0}<script\u{0}>x</script>",
  "a\r\nb&#13;c",
]

@Test(arguments: attacks)
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
