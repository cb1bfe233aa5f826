import FeedText
import Testing

@Test func `plain text is one folded line`() {
  #expect(
    plainText(html: " <p>a\n b</p><p>c&nbsp;&nbsp;d</p><ul><li>e<li>f</ul>g<br>h ")
      == "a b c d e f g h"
  )
}

@Test func `inline elements do not part words`() {
  #expect(
    plainText(html: "un<b>break</b>able<wbr>word &amp; <i>more</i>") == "unbreakableword & more"
  )
}

@Test func `pictures give their alt text, hidden things nothing`() {
  #expect(
    plainText(html: "a <img src=x alt='b'> c<span hidden>d</span><script>e</script>") == "a b c"
  )
}

@Test func `text without markup comes back, with references decoded`() {
  #expect(plainText(html: "AT&T &lt;b&gt; 1 < 2") == "AT&T <b> 1 < 2")
}
