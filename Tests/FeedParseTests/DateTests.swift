import FeedModel
import FeedParse
import Testing

/// The date of an item that gives this text as its `pubDate`.
private func date(_ text: String) throws -> String? {
  let document = "<rss><channel><item><pubDate>\(text)</pubDate></item></channel></rss>"
  let feed = try parse(Array(document.utf8), baseURL: nil, contentType: nil)
  let item = try #require(feed.items.first)
  #expect((item.published == nil) == feed.issues.contains { $0.kind == .badDate })
  return item.published?.description
}

@Test(arguments: [
  // RFC 822 and RFC 1123, as they should be.
  ("Mon, 02 Nov 2026 09:30:15 +0000", "2026-11-02T09:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 GMT", "2026-11-02T09:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 -0530", "2026-11-02T15:00:15Z"),
  ("02 Nov 26 09:30 EST", "2026-11-02T14:30:00Z"),
  // And as they are.
  ("Mon, 2 November 2026 9:30:15 pm PDT", "2026-11-03T04:30:15Z"),
  ("Monday, 02-Nov-26 09:30:15 UT", "2026-11-02T09:30:15Z"),
  ("Tue, 02 Nov 2026 09:30:15 GMT", "2026-11-02T09:30:15Z"),
  ("2 Nov 2026", "2026-11-02T00:00:00Z"),
  ("Mon,02 Nov 2026 09:30:15Z", "2026-11-02T09:30:15Z"),
  ("Mon, 02 Nov 2026 24:00:00 GMT", "2026-11-03T00:00:00Z"),
  ("Thu, 31 Dec 2026 23:59:60 GMT", "2027-01-01T00:00:00Z"),
  ("Mon, 02 Nov 2026 09:30:15 GMT+0100", "2026-11-02T08:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 +0100 (CET)", "2026-11-02T08:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 +01:00", "2026-11-02T08:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 CEST", "2026-11-02T07:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 XYZ", "2026-11-02T09:30:15Z"),
  ("Mon, 02 Nov 1999 09:30:15 A", "1999-11-02T09:30:15Z"),
  ("Fri, 05 Nov 99 10:00:00 GMT", "1999-11-05T10:00:00Z"),
  ("Nov 2, 2026 9:30 AM", "2026-11-02T09:30:00Z"),
  ("November 2nd, 2026", "2026-11-02T00:00:00Z"),
  ("12:30 AM, 2 Nov 2026", "2026-11-02T00:30:00Z"),
  ("  Mon, 02 Nov 2026\n 09:30:15 +0000 ", "2026-11-02T09:30:15Z"),
  // asctime and date(1).
  ("Mon Nov  2 09:30:15 2026", "2026-11-02T09:30:15Z"),
  ("Mon Nov 2 09:30:15 EST 2026", "2026-11-02T14:30:15Z"),
  ("Mon Nov 02 2026 09:30:15 GMT+0100 (CET)", "2026-11-02T08:30:15Z"),
  // RFC 3339 and W3C-DTF, in all their lengths.
  ("2026-11-02T09:30:15Z", "2026-11-02T09:30:15Z"),
  ("2026-11-02T09:30:15.25+01:00", "2026-11-02T08:30:15.250Z"),
  ("2026-11-02T09:30:15.123456789Z", "2026-11-02T09:30:15.123Z"),
  ("2026-11-02t09:30:15,5z", "2026-11-02T09:30:15.500Z"),
  ("2026-11-02T09:30+0100", "2026-11-02T08:30:00Z"),
  ("2026-11-02T09:30:15 -08", "2026-11-02T17:30:15Z"),
  ("2026-11-02T09Z", "2026-11-02T09:00:00Z"),
  ("2026-11-02 09:30:15", "2026-11-02T09:30:15Z"),
  ("2026-11-02 09:30:15 +0000 UTC", "2026-11-02T09:30:15Z"),
  ("2026-11-02 9:30 PM", "2026-11-02T21:30:00Z"),
  ("2026-11-02T09:30:15 EST", "2026-11-02T14:30:15Z"),
  ("2026-11-02", "2026-11-02T00:00:00Z"),
  ("2026-11", "2026-11-01T00:00:00Z"),
  ("2026", "2026-01-01T00:00:00Z"),
  ("20261102", "2026-11-02T00:00:00Z"),
  ("20261102T09:30:15Z", "2026-11-02T09:30:15Z"),
  ("20261102093015", "2026-11-02T09:30:15Z"),
  ("2026/11/2 09:30", "2026-11-02T09:30:00Z"),
  ("2026-306", "2026-11-02T00:00:00Z"),
  ("2026-W45-1", "2026-11-02T00:00:00Z"),
  ("2026-W45", "2026-11-02T00:00:00Z"),
  ("2020-W53-7", "2021-01-03T00:00:00Z"),
  ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
  ("2024-02-29", "2024-02-29T00:00:00Z"),
  // Seconds and milliseconds since 1970.
  ("1793611815", "2026-11-02T09:30:15Z"),
  ("1793611815250", "2026-11-02T09:30:15.250Z"),
  // Numbers alone, where they can only mean one day.
  ("22/11/2026 10:00", "2026-11-22T10:00:00Z"),
  ("11/22/2026", "2026-11-22T00:00:00Z"),
  ("11/11/2026", "2026-11-11T00:00:00Z"),
])
func `a date in a form that feeds use is read`(text: String, moment: String) throws {
  #expect(try date(text) == moment)
}

@Test(arguments: [
  "now", "yesterday at noon", "Mon, 30 Feb 2026 10:00:00 GMT", "2026-02-29", "2026-13-01",
  "2026-11-31T00:00:00Z", "2026-11-02T25:00:00Z", "2026-11-02T09:61:00Z", "03/04/2026",
  "0000-00-00 00:00:00", "Mon, 02 Nov", "10:30", "12345", "99999999999999999999", "2026-366",
  "2026-000", "2026-W54-1", "2026-W10-8", "2 Nov 2026 24:30", "2026-11-02T09:30:15 rubbish 17",
  "-2026-11-02", "Mon, 02 Nov 2026 09:30:15 +9999", "Nov 2026 2026 2026", ":", "T", "2026-",
])
func `what is no date, or may mean two, is an issue and never a moment`(text: String) throws {
  #expect(try date(text) == nil)
}

@Test func `every day of 400 years is read as itself, in two forms`() throws {
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  var items = ""
  var wanted: [Timestamp] = []
  let first = try #require(CivilDate.days(year: 1800, month: 1, day: 1))
  let last = try #require(CivilDate.days(year: 2200, month: 1, day: 1))
  for day in stride(from: first, to: last, by: 17) {
    let moment = Timestamp(seconds: Int64(day) * 86_400 + 3661)
    let civil = CivilDate(moment)
    items += "<item><pubDate>\(civil.day) \(months[civil.month - 1]) \(civil.year) 01:01:01 GMT"
    items += "</pubDate></item><item><pubDate>\(moment)</pubDate></item>"
    wanted += [moment, moment]
  }
  let document = "<rss><channel>\(items)</channel></rss>"
  let feed = try parse(Array(document.utf8), baseURL: nil, contentType: nil)
  #expect(feed.items.map(\.published) == wanted)
  #expect(feed.issues.isEmpty)
}
