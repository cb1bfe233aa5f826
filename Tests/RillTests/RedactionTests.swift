import Testing

@testable import rill

@Test(
  arguments: [
    ("https://ann:pw@host/feed", "https://***@host/feed"),
    ("See 'http://ann@host:80/a?x=1': it failed.", "See 'http://***@host:80/a?x=1': it failed."),
    ("https://host/f?token=abc&page=2#top", "https://host/f?token=***&page=2#top"),
    ("https://host/f?API_KEY=abc: gone.", "https://host/f?API_KEY=***: gone."),
    (
      "https://host/f?X-Amz-Signature=a%2Fb&session_id=1",
      "https://host/f?X-Amz-Signature=***&session_id=***"
    ),
    ("http://a/?auth=1 and http://b:c@d", "http://a/?auth=*** and http://***@d"),
    ("https://host/@ann?page=token", "https://host/@ann?page=token"),
    ("://", "://"), ("a token=x in prose", "a token=x in prose"), ("", ""),
  ]
)
func `an address shows neither password nor token`(text: String, shown: String) {
  #expect(redacted(text) == shown)
}
