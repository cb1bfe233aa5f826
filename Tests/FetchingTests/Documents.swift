import FeedModel
import LoopbackServer

/// An RSS feed whose articles are called `Title 1`, `Title 2` and so on.
///
/// They begin with November 2026.
///
/// - Parameters:
///   - numbers: Of its articles.
///   - gap: Seconds from one article to the next.
///   - first: The date of number 1.
///   - head: More elements of the channel.
///   - prefix: What the titles begin with.
/// - Returns: The document.
func rss(
  _ numbers: ClosedRange<Int> = 1...3,
  every gap: Int64 = .hour,
  from first: Timestamp = Timestamp(seconds: 1_793_491_200),
  head: String = "",
  prefix: String = "Title"
) -> String {
  let items = numbers.reversed()
    .map { item($0, at: first.adding(seconds: Int64($0 - 1) * gap), prefix: prefix) }.joined()
  return """
    <?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\
    <channel><title>Example</title><link>https://blog.example/</link>\(head)\(items)</channel></rss>
    """
}

/// One article of such a feed.
private func item(_ number: Int, at date: Timestamp, prefix: String) -> String {
  """
  <item><guid isPermaLink="false">g\(number)</guid><link>https://blog.example/\(number)</link>\
  <title>\(prefix) \(number)</title><description>Words of \(number).</description>\
  <pubDate>\(httpDate(date))</pubDate></item>
  """
}

/// A page that is no feed and names none.
let loginPage = """
  <!doctype html><html><head><title>Sign in</title></head><body><form action="/login">\
  <input name="user"><input type="password" name="password"></form></body></html>
  """

/// A moment that servers say in tests.
let someDate = "Sun, 01 Nov 2026 10:00:00 GMT"

/// A feed with these fields.
func feed(_ fields: (String, String)..., text: String = rss()) -> Answer {
  .response(200, fields, text: text)
}

/// 304 with these fields.
func unchanged(_ fields: (String, String)...) -> Answer { .response(304, fields) }
