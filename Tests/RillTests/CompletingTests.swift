import Testing

@testable import rill

@Test(
  arguments: [
    "<(touch x)", ">(x)", "$(x)", "`x`", "a;b", "a|b", "a&b", "{a,b}", "~root", "a!b", "*", "?",
    "[a]", "a\\b",
    "'", "\"", "a\nb", "a\tb", "a\u{1B}[31m", "a\u{202E}b", "#x", "a=b", "%x", "-rf", "", "a:b",
    "a^b",
  ]
)
func `what a shell reads anything into is not suggested to it`(word: String) {
  #expect(!isHarmless(word))
}

@Test func `names are suggested, in any script`() {
  for word in ["Planet Debian", "Le café", "東京の本", "C++ @ work", "news/today", "a.b_c-d, e"] {
    #expect(isHarmless(word), "\(word)")
  }
}
