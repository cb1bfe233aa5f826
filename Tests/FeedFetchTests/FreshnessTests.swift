import FeedModel
import Testing

@testable import FeedFetch

private let noon = "Sun, 22 Nov 2026 12:00:00 GMT"
private let three = "Sun, 22 Nov 2026 15:00:00 GMT"

@Test(
  arguments: [
    ("max-age=7200", nil, nil, 7200), ("max-age=7200", "3600", nil, 3600),
    ("public, MAX-AGE = \"60\" , must-revalidate", nil, nil, 60), ("max-age=60", "3600", nil, 0),
    ("max-age=504576000", nil, nil, 504_576_000), ("max-age=10, max-age=20", nil, nil, 10),
    ("max-age=99999999999999999999", nil, nil, 3_153_600_000),
    ("max-age=7200", "nonsense", nil, 7200), ("max-age=60", nil, three, 60),
    ("no-cache", nil, three, 0), ("no-store", nil, nil, 0), ("no-cache, max-age=5", nil, nil, 5),
    ("max-age=-1", nil, nil, nil), ("max-age=abc", nil, three, 10_800), ("max-age", nil, nil, nil),
    ("s-maxage=60", nil, nil, nil), ("public", nil, three, 10_800), (nil, nil, three, 10_800),
    (nil, nil, "0", 0), (nil, nil, "-1", 0), (nil, nil, noon, 0),
    (nil, nil, "Sun, 22 Nov 2026 11:00:00 GMT", 0), (nil, nil, nil, nil),
  ] as [(String?, String?, String?, Int64?)]
)
func `freshness is max-age less age or else expires less date`(
  cacheControl: String?,
  age: String?,
  expires: String?,
  seconds: Int64?
) {
  let fields = CacheFields(cacheControl: cacheControl, age: age, expires: expires, date: noon)
  #expect(fields.freshForSeconds == seconds)
}

@Test func `expires without any date of now says nothing`() {
  #expect(CacheFields(expires: three).freshForSeconds == nil)
}

@Test(
  arguments: [
    ("7200", 7200), (" 60 ", 60), ("0", 0), (three, 10_800),
    ("Sunday, 22-Nov-26 12:01:00 GMT", 60), ("Sun Nov 22 12:01:00 2026", 60), (noon, 0),
    ("-5", nil), ("abc", nil), ("1.5", nil), ("", nil), ("+5", nil), ("10 s", nil),
    ("Sun, 22 Nov 2026 11:59:59 GMT", nil), ("604801", 604_801), ("31536000", 31_536_000),
    ("Mon, 22 Nov 2027 12:00:00 GMT", 31_536_000), ("99999999999999999999", 3_153_600_000),
    ("Sun, 22 Nov 9999 12:00:00 GMT", 3_153_600_000),
  ] as [(String, Int64?)]
)
func `retry-after is seconds or a date, by the server's own clock`(text: String, seconds: Int64?) {
  #expect(CacheFields(date: noon, retryAfter: text).retryAfterSeconds == seconds)
}

@Test(
  arguments: [
    ("172800, 172800", 172_800), ("172800,60", 172_800), ("60 ,172800", 172_800),
    ("60, \(three)", 10_800), ("\(three), 60", 10_800), ("\(noon), \(three), 7200", 10_800),
    ("Sun Nov 22 12:01:00 2026, Sunday, 22-Nov-26 15:00:00 GMT", 10_800), ("soon, 60", 60),
    ("60,", 60), (",", nil), ("soon, later", nil),
  ] as [(String, Int64?)]
)
func `of several values of retry-after the longest counts`(text: String, seconds: Int64?) {
  #expect(CacheFields(date: noon, retryAfter: text).retryAfterSeconds == seconds)
}

@Test func `a retry-after date without any date of now says nothing`() {
  #expect(CacheFields(retryAfter: three).retryAfterSeconds == nil)
}

@Test(arguments: [nil, "", "today"])
func `without the server's own date ours is the next best`(date: String?) {
  var fields = CacheFields(expires: three, date: date, retryAfter: three, now: readHTTPDate(noon))
  #expect(fields.freshForSeconds == 10_800)
  #expect(fields.retryAfterSeconds == 10_800)
  fields.date = "Sun, 22 Nov 2026 14:59:00 GMT"
  #expect(fields.freshForSeconds == 60)
  #expect(fields.retryAfterSeconds == 60)
}

@Test(arguments: [
  "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
  "sun, 6 nov 1994 08:49:37 gmt", "Sun, 06-Nov-1994 08:49:37 UTC",
  "Wrong, 06 Nov 1994 08:49:37 GMT",
])
func `a date of HTTP has three forms`(text: String) {
  #expect(readHTTPDate(text) == Timestamp(seconds: 784_111_777))
}

@Test(arguments: [
  "", "0", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
  "Sun, 06 Nov 1994 08:49:37 +0200", "Sun, 06 Foo 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
  "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 -8:49:37 GMT", "a b c d e f",
])
func `what is no date of HTTP is not read`(text: String) {
  #expect(readHTTPDate(text) == nil)
}

@Test func `two-digit years belong to the years from 1970 to 2069`() {
  #expect(readHTTPDate("Thursday, 01-Jan-70 00:00:00 GMT") == Timestamp(seconds: 0))
  #expect(readHTTPDate("Tuesday, 01-Jan-69 00:00:00 GMT") == Timestamp(seconds: 3_124_224_000))
}
