import FeedModel
import FeedParse
import FoundationEssentials
import Testing

private func list(_ body: String) throws(ParseError) -> SubscriptionList {
  try parseSubscriptions(Array("<opml version='2.0'><body>\(body)</body></opml>".utf8))
}

private func outline(_ number: Int) -> String {
  "<outline text='f\(number)' xmlUrl='https://x.example/\(number)'/>"
}

private func repeated(_ text: String, _ count: Int) -> String {
  String(repeating: text, count: count)
}

@Test func `the starter list is read whole, each feed in its folder`() throws {
  let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  let bytes = try Array(Data(contentsOf: URL(filePath: "/" + here + "/Feeds/starter.opml")))
  let list = try parseSubscriptions(bytes)
  let outlines = String(decoding: bytes, as: UTF8.self).split(separator: "xmlUrl=").count - 1
  #expect(list.feeds.count == outlines && outlines > 30)
  #expect(list.title != nil && list.version == "2.0")
  #expect(list.issues.isEmpty && list.duplicates == 0 && !list.isTruncated)
  for feed in list.feeds {
    #expect(feed.title != nil && feed.siteURL != nil && feed.type == "rss")
    #expect(feed.url.hasPrefix("https://"))
    #expect(feed.folders.map(\.count) == [1])
  }
  #expect(Set(list.feeds.flatMap(\.folders)).count == 6)
}

@Test func `an address is resolved against that of the list, when there is one`() throws {
  let document = Array("<opml><outline text='a' xmlUrl='feed.xml' htmlUrl='..'/></opml>".utf8)
  let found = try parseSubscriptions(document, baseURL: "https://x.example/lists/all.opml")
  #expect(found.feeds.map(\.url) == ["https://x.example/lists/feed.xml"])
  #expect(found.feeds.map(\.siteURL) == ["https://x.example/"])
  #expect(try parseSubscriptions(document).issues.map(\.kind) == [.rejected])
}

@Test func `a list in another charset is read`() throws {
  let document = Array("<opml><outline xmlUrl='http://x.example/' text='".utf8) + [0xC4, 0xCF]
  let list = try parseSubscriptions(
    document + Array("'/></opml>".utf8),
    contentType: "text/x-opml; charset=koi8-r"
  )
  #expect(list.feeds.map(\.title) == ["до"])
}

@Test func `what is mended in a text is on the line where it stands`() throws {
  let document = "<opml>\n<head><title>One\ntwo\n&nosuch;</title></head><body/></opml>"
  let issues = try parseSubscriptions(Array(document.utf8)).issues
  #expect(issues.map(\.line) == [4])
}

@Test func `folders of one name in different folders are different places`() throws {
  let inner = "<outline text='c'>\(outline(1))</outline>"
  let found = try list(
    "<outline text='a'>\(inner)\(inner)</outline><outline text='b'>\(inner)</outline>\(inner)"
  )
  #expect(found.feeds.map(\.folders) == [[["a", "c"], ["b", "c"], ["c"]]])
}

@Test func `a password in a list is in the userinfo of its feed and nowhere else`() throws {
  let secret = "canary"
  let addresses = [
    "https://ada:\(secret)@x.example/", "feed://ada:\(secret)@x.example/f",
    "feed:https://ada:\(secret)@x.example/g", "ftp://ada:\(secret)@x.example/",
    "exec:curl -u ada:\(secret) https://x.example/", "|curl \(secret)", "http://\(secret)@:x/",
  ]
  let outlines = addresses.map {
    "<outline text='See \($0)'><outline text='\($0)' xmlUrl='\($0)' htmlUrl='\($0)'/></outline>"
  }
  let named = "<outline text='or feed://ada:\(secret)@z.example' xmlUrl='ftp://x.example/'/>"
  var list = try list(
    outlines.prefix(4).joined() + named
      + addresses.suffix(3)
      .map {
        "<outline text='\($0)' xmlUrl='\($0)'/>"
      }
      .joined()
  )
  #expect(list.feeds.map(\.userinfo) == Array(repeating: "ada:\(secret)", count: 3))
  #expect(list.feeds.map(\.title) == [nil, nil, nil])
  #expect(list.issues.count { $0.kind == .credentials } == 3)
  #expect(list.issues.count { $0.kind == .rejected } == 5)
  for index in list.feeds.indices { list.feeds[index].userinfo = nil }
  #expect(!"\(list)".contains(secret))
}

// MARK: Limits

@Test func `a list beyond 20 MB is refused by name`() {
  #expect(throws: ParseError.limit(name: "list bytes", value: 20 << 20)) {
    try parseSubscriptions([UInt8](repeating: 0x20, count: 20 << 20 + 1))
  }
}

@Test(.timeLimit(.minutes(5)))
func `the feed after 50,000 ends the list and is named`() throws {
  let long = try list((0...50_000).map(outline).joined(separator: "\n"))
  #expect(long.feeds.count == 50_000)
  #expect(long.feeds.last?.url == "https://x.example/49999")
  #expect(long.issues == [ParseIssue(.limit, line: 50_001, detail: "feeds 50000")])
  #expect(!long.isTruncated)
}

@Test(.timeLimit(.minutes(5)), arguments: ["</outline>", ""])
func `100,000 outlines in one another lose no feed`(end: String) throws {
  let count = 100_000
  let open = (0..<count).map { "<outline text='\($0)'>" }.joined()
  let deep = try list(open + outline(1) + repeated(end, count) + outline(2))
  #expect(deep.feeds.map(\.title) == ["f1", "f2"])
  #expect(deep.feeds[0].folders == [(0..<100).map(String.init)])
  #expect(deep.feeds[1].folders == [end.isEmpty ? (0..<100).map(String.init) : []])
  #expect(deep.issues.contains { $0.kind == .limit && $0.detail == "folders 100" })
  #expect(!deep.isTruncated)
}

@Test(.timeLimit(.minutes(5)))
func `200,001 open outlines end the list, and the feeds before them are kept`() throws {
  let open = repeated("<outline text='x'>", 200_001)
  let deep = try list(outline(1) + open + outline(2))
  #expect(deep.feeds.map(\.title) == ["f1"])
  #expect(deep.issues.contains { $0.detail == "open outlines 200000" })
}

@Test(.timeLimit(.minutes(5)))
func `folders of all feeds come to a million entries and no more`() throws {
  let open = (0..<100).map { "<outline text='\($0)'>" }.joined()
  let block = { (start: Int) in
    open + (start..<start + 10).map(outline).joined() + repeated("</outline>", 100)
  }
  let wide = try list(stride(from: 0, to: 12_000, by: 10).map(block).joined())
  #expect(wide.feeds.count == 12_000)
  #expect(wide.feeds.count { $0.folders.isEmpty } == 2000)
  #expect(wide.issues.contains { $0.detail == "folder entries 1000000" })
}

@Test(.timeLimit(.minutes(5)))
func `a feed in 1000 folders lies in the first 256`() throws {
  let wide = try list(
    (0..<1000).map { "<outline text='d\($0)'>\(outline(1))</outline>" }.joined()
  )
  #expect(wide.feeds.map(\.folders.count) == [256])
  #expect(wide.duplicates == 999)
}

@Test(.timeLimit(.minutes(5)))
func `every entry that was rejected is named`() throws {
  let bad = try list((0..<1000).map { "<outline text='\($0)' xmlUrl='exec:x'/>\n" }.joined())
  #expect(bad.feeds.isEmpty)
  #expect(bad.issues.count == 1000)
  #expect(bad.issues.last?.line == 1000)
  #expect(bad.issues.last?.detail == "999: its address is a command")
}

@Test(.timeLimit(.minutes(5)))
func `a list of long names and bases is bounded`() throws {
  let long = repeated("n", 900_000)
  let wide = try list(
    (0..<4).map { "<outline text='\(long)\($0)'>\(outline($0))" }.joined()
  )
  #expect(wide.feeds.count == 4)
  let base = "https://x.example/" + repeated("p/", 900)
  let relative = try parseSubscriptions(
    Array(
      "<opml>\((0..<4000).map { "<outline xmlUrl='\($0)' htmlUrl='x\($0)'/>" }.joined())</opml>"
        .utf8
    ),
    baseURL: base
  )
  #expect(relative.issues.contains { $0.detail == "resolved bytes 16777216" })
  #expect(relative.feeds.first?.url == base + "0")
}

@Test(.timeLimit(.minutes(2)))
func `folders with long names are not compared for each feed that is named again`() throws {
  let long = repeated("n", 100_000)
  let again = repeated("<outline type='rss' url='https://x.example/1'/>", 45_000)
  let wide = try list(
    (100..<270).map { "<outline text='\(long)\($0)'>\(outline(1))</outline>" }.joined()
      + "<outline text='\(long)269'>\(again)</outline>"
  )
  #expect(wide.feeds.map(\.folders) == [(100..<270).map { ["\(long)\($0)"] }])
  #expect(wide.duplicates == 169 + 45_000)
}
