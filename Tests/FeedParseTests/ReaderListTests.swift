import FeedModel
import FeedParse
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Test(arguments: [
  ("SQLite format 3\0\u{10}", ReaderFormat.newsboat),
  ("\u{FEFF}\n <?xml version='1.0'?><opml/>", .opml), ("<OPML>", .opml),
  (#"{"feed":"kznrhnszydyoom5ueiqg","url":"https://a.example/"}"# + "\n{", .state),
  (#"{"mark":"kznrhnszydyoom5ueiqg","read":true}"#, .state),
  (#"{"id":"user/-/state","items":["#, .greader), ("{\n  \"direction\": \"ltr\",", .greader),
  ("# mine\n\nhttps://a.example/feed news\n", .urls), ("\"exec:x\" tag\n", .urls),
  ("https://a.example/\nhttps://b.example/blog", .urls),
  ("#sfeedpath=\"$HOME/.sfeed/feeds\"\nfeeds() {\n\tfeed \"a\" 'https://a.example/'\n}", .sfeedrc),
  ("https://a.example/1\ntag:b.example,2026:x\nslow-1\n", .read), ("urn:uuid:1\nx\n", .read),
])
func `a file is known by how it begins`(text: String, format: ReaderFormat) {
  #expect(readerFormat(of: bytes(text)) == format)
}

@Test func `what may be one thing or another is not guessed`() {
  let pages = (1...20).map { "https://a.example/2026/\($0)-words" }
  for text in ["", "hello", "some words\nand more", pages.joined(separator: "\n"), "\0\u{1}"] {
    #expect(readerFormat(of: bytes(text)) == nil, "\(text)")
  }
}

@Test func `newsboat's urls are read with their tags and titles, and no command is`() throws {
  let list = try parseAddresses(
    bytes(
      """
      # my feeds
      https://a.example/feed news "two words" "~My \\"own\\" title" !
      "https://b.example/f?a=1&b=2#x"  # a remark
      https://a.example/feed again
      "query:All:unread = \\"yes\\""
      exec:~/bin/feed.sh x
      "filter:~/bin/clean:https://c.example/canary"
      file:///etc/passwd
      |curl https://d.example/canary
      javascript:alert(1)
      feed:javascript:alert(1)
      feed://e.example/rss
      https://ann:canary@f.example/feed
      https://g.example/`touch x`
      """
    )
  )
  #expect(
    list.feeds.map(\.url) == [
      "https://a.example/feed", "https://b.example/f?a=1&b=2", "http://e.example/rss",
      "https://f.example/feed",
    ]
  )
  #expect(list.feeds[0].title == "My \"own\" title")
  #expect(list.feeds[0].tags == ["news", "two words", "again"])
  #expect(list.feeds[3].userinfo == "ann:canary")
  let rejected = list.issues.filter { $0.kind == .rejected }
  #expect(rejected.compactMap(\.line) == [5, 6, 7, 8, 9, 10, 11, 14])
  #expect(list.issues.allSatisfy { $0.detail?.contains("canary") != true })
  #expect(list.duplicates == 1)
}

@Test func `of a sfeedrc only plain calls are read`() throws {
  let list = try parseSfeedrc(
    bytes(
      """
      #sfeedpath="$HOME/.sfeed/feeds"
      fetch() { curl "$2"; }
      feeds() {
      \t# feed <name> <feedurl> [basesiteurl] [encoding]
      \tfeed "codemadness" "https://codemadness.example/atom.xml"
        feed 'b & c' 'https://b.example/?x=1&y=2' 'https://b.example/' 'iso-8859-1' # good
        feed bare https://c.example/rss?a=1;
        feed "long" \\
          "https://d.example/"
        feed "$name" "https://e.example/"
        feed "f" "$(touch x)"
        feed g `touch x`
        feed h https://h.example/ | cat
        feed i https://i.example/ && rm x
        feed 'open https://j.example/
        feed "files" "file:///etc/passwd"
        feed "nothing"
      }
      """
    )
  )
  #expect(list.feeds.map(\.title) == ["codemadness", "b & c", "bare", "long"])
  #expect(
    list.feeds.map(\.url) == [
      "https://codemadness.example/atom.xml", "https://b.example/?x=1&y=2",
      "https://c.example/rss?a=1", "https://d.example/",
    ]
  )
  #expect(list.feeds[1].siteURL == "https://b.example/")
  #expect(list.issues.compactMap(\.line) == [10, 11, 12, 13, 14, 15, 16, 17])
}

@Test func `a list that is too long ends where it may, and says so`() throws {
  let lines = (0..<50_010).map { "https://\($0).example/feed\n" }.joined()
  let list = try parseAddresses(bytes(lines))
  #expect(list.feeds.count == 50_000)
  #expect(list.issues.map(\.kind) == [.limit])
  #expect(throws: ParseError.self) {
    try parseAddresses([UInt8](repeating: 0x0A, count: 21 << 20))
  }
}

@Test func `articles of Google Reader and of FreshRSS are read with what a person did`() throws {
  let items = try parseReaderItems(
    bytes(
      #"""
      {"id":"user/1/state/com.google/starred","title":"x","items":[
        {"id":"tag:google.com,2005:reader/item/0001","published":1276000000,"updated":1276000000,
         "title":"Fish &amp; chips","categories":["user/1/state/com.google/read",
           "user/1/state/com.google/starred","user/-/label/to read","fish"],
         "alternate":[{"href":"http://a.example/1","type":"text/html"}],
         "summary":{"direction":"ltr","content":"<p>Salt</p>"},"author":"Ann",
         "enclosure":[{"href":"https://a.example/1.mp3","type":"audio/mpeg","length":"5"},
           {"href":"javascript:alert(1)"}],
         "origin":{"streamId":"feed/http://ann:pw@a.example/rss","title":"A","htmlUrl":"http://a.example/"}},
        {"guid":"g-2","title":"Two","published":1700000000,
         "canonical":[{"href":"https://b.example/2"}],"alternate":[{"href":"https://b.example/x"}],
         "content":{"content":"b"},"categories":["user/-/state/com.google/unread"],
         "origin":{"streamId":"feed/12","feedUrl":"https://b.example/feed"}},
        {"guid":"g-3","title":"Three","origin":{"streamId":"feed/13"}},
        {"guid":"g-4","origin":{"streamId":"feed/file:///etc/passwd"}},
        {"categories":[]}, 7
      ],"updated":1}
      """#
    )
  )
  #expect(items.map(\.feedURL) == ["http://a.example/rss", "https://b.example/feed", nil, nil])
  let first = items[0]
  #expect(first.isRead && first.isStarred && !items[1].isRead)
  #expect((first.tags, first.item.tags) == (["to read"], ["fish"]))
  #expect(first.item.title == "Fish & chips")
  #expect((first.item.guid, items[1].item.guid) == (nil, "g-2"))
  #expect(items[1].item.url == "https://b.example/2")
  #expect(first.item.published == Timestamp(seconds: 1_276_000_000))
  #expect(first.item.attachments.map(\.url) == ["https://a.example/1.mp3"])
  for text in ["{}", "[]", "{\"items\":7}", "{\"items\":[", ""] {
    #expect(throws: ParseError.self, "\(text)") { try parseReaderItems(bytes(text)) }
  }
}
