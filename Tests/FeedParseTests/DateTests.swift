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
  "Mon, 02 Nov 2026 09:30:15 +0530", "Mon, 02 Nov 2026 09:30:15 GMT",
  "Thu, 31 Dec 2026 23:59:59 -1200", "2026-11-02T09:30:15Z", "2026-11-02T09:30:15.1239+05:30",
  "2026-11-02T09:30:15-00:00", "0002-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
])
func `the forms that nearly every date has are read the same the quick way and the long way`(
  text: String
) throws {
  // A weekday's name of two letters, or a space, is enough to leave the quick way.
  let long = text.hasPrefix("M") || text.hasPrefix("T") ? String(text.dropFirst()) : text + " ( )"
  #expect(try date(text) != nil)
  #expect(try date(text) == date(long))
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
  ("0002-01-01T00:00:00Z", "0002-01-01T00:00:00Z"),
  ("2024-02-29", "2024-02-29T00:00:00Z"),
  // Seconds and milliseconds since 1970.
  ("1793611815", "2026-11-02T09:30:15Z"),
  ("1793611815250", "2026-11-02T09:30:15.250Z"),
  // Numbers alone, where they can only mean one day.
  ("22/11/2026 10:00", "2026-11-22T10:00:00Z"),
  ("11/22/2026", "2026-11-22T00:00:00Z"),
  ("11/11/2026", "2026-11-11T00:00:00Z"),
  ("22-11-2026 10:00", "2026-11-22T10:00:00Z"),
  ("02.11.2026 09:30", "2026-11-02T09:30:00Z"),
  ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
  ("Mon, 2026-11-02 09:30:15 GMT", "2026-11-02T09:30:15Z"),
  // Zones by name, by number, and by both.
  ("Mon, 02 Nov 2026 09:30:15 gmt+1", "2026-11-02T08:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 UTC+5:30", "2026-11-02T04:00:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 UTC+0100", "2026-11-02T08:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 GMT-05:00", "2026-11-02T14:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 Etc/GMT", "2026-11-02T09:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 est", "2026-11-02T14:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 WITA", "2026-11-02T01:30:15Z"),
  ("Mon, 02 Nov 2026 09:30:15 -0000", "2026-11-02T09:30:15Z"),
  ("Mon Nov 02 09:30:15 +0100 2026", "2026-11-02T08:30:15Z"),
  ("02/Nov/2026:09:30:15 +0100", "2026-11-02T08:30:15Z"),
  ("Mon, 13 Feb, 2012 06:28:00 UTC", "2012-02-13T06:28:00Z"),
  ("Thu, 30 Apr 2009 08:57:00 MET", "2009-04-30T07:57:00Z"),
  ("Mon, Nov 02 2026 09:30:15 GMT", "2026-11-02T09:30:15Z"),
  ("Mon, 02 Nov 2026 0930 GMT", "2026-11-02T09:30:00Z"),
  ("2 Nov 104 10:00", "2004-11-02T10:00:00Z"),
  ("Nov 2, 2026, 9:30\u{202F}p.m.", "2026-11-02T21:30:00Z"),
  ("2 nov 2026, 9:30 p. m.", "2026-11-02T21:30:00Z"),
  // The short forms of ISO 8601.
  ("20261102T093015Z", "2026-11-02T09:30:15Z"),
  ("20261102T0930+0100", "2026-11-02T08:30:00Z"),
  ("202611020930", "2026-11-02T09:30:00Z"),
  ("20261102093015Z", "2026-11-02T09:30:15Z"),
  ("2026306", "2026-11-02T00:00:00Z"),
  ("2026W451", "2026-11-02T00:00:00Z"),
  ("2003-W01-1", "2002-12-30T00:00:00Z"),
  ("2026-11-02Z", "2026-11-02T00:00:00Z"),
  ("2026-11-02+01:00", "2026-11-01T23:00:00Z"),
  ("2026-11-02T24:00:00Z", "2026-11-03T00:00:00Z"),
  ("1793611815.75", "2026-11-02T09:30:15Z"),
  // A weekday that is written like a month, and a month that begins like another.
  ("mardi 3 novembre 2026", "2026-11-03T00:00:00Z"),
  ("mar. 3 nov. 2026", "2026-11-03T00:00:00Z"),
  ("Mar 3, 2026", "2026-03-03T00:00:00Z"),
  ("3 mar 2026", "2026-03-03T00:00:00Z"),
  ("2. marraskuuta 2026 klo 9.30", "2026-11-02T09:30:00Z"),
  ("2 listopada 2026", "2026-11-02T00:00:00Z"),
  ("2 Febuary 2026", "2026-02-02T00:00:00Z"),
  // What the rest of the world writes around it.
  ("2 de noviembre de 2026 a las 9:30", "2026-11-02T09:30:00Z"),
  ("2 d\u{2019}octubre de 2026", "2026-10-02T00:00:00Z"),
  ("le 1er novembre 2026 à 9h30", "2026-11-01T09:30:00Z"),
  ("2 novembre 2026 21h", "2026-11-02T21:00:00Z"),
  ("Senin, 02 Nov 2026 09:30 WIB", "2026-11-02T02:30:00Z"),
  ("02 Thg 11 2026 09:30", "2026-11-02T09:30:00Z"),
  ("Tháng Mười Một 2, 2026", "2026-11-02T00:00:00Z"),
  ("Thứ Hai, 2 tháng 3, 2026", "2026-03-02T00:00:00Z"),
  ("2026. november 2.", "2026-11-02T00:00:00Z"),
  ("2026-november-2T9:30+01:00", "2026-11-02T08:30:00Z"),
  ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"),
  ("2026年11月2日 09:30:15", "2026-11-02T09:30:15Z"),
  ("2026年11月2日 下午9:30", "2026-11-02T21:30:00Z"),
  ("2026 年 11 月 2 日 午前9時30分", "2026-11-02T09:30:00Z"),
  ("2026年11月2日(月) 09:30", "2026-11-02T09:30:00Z"),
  ("２０２６年１１月２日", "2026-11-02T00:00:00Z"),
  ("2026년 11월 2일 월요일 오후 9:30", "2026-11-02T12:30:00Z"),
  ("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z"),
  ("2026. 11. 2. 오전 9:30:15", "2026-11-02T00:30:15Z"),
])
func `a date in a form that feeds use is read`(text: String, moment: String) throws {
  #expect(try date(text) == moment)
}

@Test(arguments: [
  "now", "yesterday at noon", "Mon, 30 Feb 2026 10:00:00 GMT", "2026-02-29", "2026-13-01",
  "2026-11-31T00:00:00Z", "2026-11-02T25:00:00Z", "2026-11-02T09:61:00Z", "03/04/2026",
  "0000-00-00 00:00:00", "0001-01-01", "Mon, 01 Jan 0001 00:00:00 -0800", "1970-01-01",
  "Mon, 02 Nov", "10:30", "12345", "99999999999999999999", "2026-366",
  "2026-000", "2026-W54-1", "2026-W10-8", "2 Nov 2026 24:30", "2026-11-02T09:30:15 rubbish 17",
  "-2026-11-02", "Mon, 02 Nov 2026 09:30:15 +9999", "Nov 2026 2026 2026", ":", "T", "2026-",
  // Numbers alone that could be two days, or none.
  "03-04-2026", "03-12-31", "031231", "-0312", "--11-02", "---02", "02 11 2026", "26.11.02",
  "Mon, 32 Dec 2026 10:00:00 GMT", "Mon, 00 Jan 2026 10:00:00 GMT", "32 Nov 26", "1130 Nov 2 2026",
  "2026W54", "2026400", "202613020930", "20261102T2530",
  // Words that look like names of months, and a name that is two months.
  "mardi 3 2026", "2 marrow 2026", "2. listopada 2026.", "2. lip 2026", "2 days ago",
  "tháng 2026", "2026年", "11月2日", "上午 9:30", "2026년 13월 2일",
])
func `what is no date, or may mean two, is an issue and never a moment`(text: String) throws {
  #expect(try date(text) == nil)
}

@Test(arguments: [
  "january february march april may june july august september october november december",
  "jan feb mar apr may jun jul aug sep oct nov dec",
  "januar februar märz april mai juni juli august september oktober november dezember",
  "jänner feber mär apr mai jun jul aug sept okt nov dez",
  "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
  "janv févr mars avr mai juin juil aout sept oct nov déc",
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  "ene feb mar abr may jun jul ago set oct nov dic",
  "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
  "gen feb mar apr mag giu lug ago set ott nov dic",
  "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
  "jan fev mar abr mai jun jul ago set out nov dez",
  "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
  "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
  "januari februari maart april mei juni juli augustus september oktober november december",
  "jan feb mrt apr mei jun jul aug sep okt nov dec",
  "januari februari mars april maj juni juli augusti september oktober november december",
  "januar februar marts april maj juni juli august september oktober november december",
  "januar februar mars april mai juni juli august september oktober november desember",
  """
  tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta \
  lokakuuta marraskuuta joulukuuta
  """,
  "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
  "sty lut mar kwi maj cze lip sie wrz paź lis gru",
  "ledna února března dubna května června července srpna září října listopadu prosince",
  "január február március április május június július augusztus szeptember október november december",
  "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
  "januari februari maret april mei juni juli agustus september oktober november desember",
  "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
  "янв фев мар апр май июн июл авг сен окт ноя дек",
  "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
  "януари февруари март април май юни юли август септември октомври ноември декември",
  """
  Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου \
  Νοεμβρίου Δεκεμβρίου
  """,
  "Ιαν Φεβ Μάρ Απρ Μάι Ιούν Ιούλ Αύγ Σεπ Οκτ Νοέ Δεκ",
])
func `the months of a language are read in their order`(names: String) throws {
  let months = names.split(separator: " ")
  #expect(months.count == 12)
  for (index, name) in months.enumerated() {
    let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
    #expect(try date("2 \(name) 2026 09:30") == "2026-\(number)-02T09:30:00Z", "\(name)")
    #expect(try date("\(name.uppercased()) 2, 2026") == "2026-\(number)-02T00:00:00Z", "\(name)")
  }
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
