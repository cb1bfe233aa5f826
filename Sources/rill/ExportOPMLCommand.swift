import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedSync

/// `rill export opml`.
struct ExportOPMLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opml",
    abstract: "Print the feeds that you follow, as OPML 2.0 for any reader.",
    discussion: """
      A tag is a folder, and a feed with several tags stands in each of them; they
      are its categories too. Titles and the addresses of sites are there. What OPML
      has no name for, such as your own titles and intervals, stands in the attribute
      rill:state, so that rill import brings back every setting. Logins and headers
      are not in it, and neither are feeds that are local files.

      Examples:
        rill export opml > feeds.opml
        RILL_HOME=~/new rill import feeds.opml
      """
  )

  @OptionGroup var common: CommonOptions

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let (rows, states) = try failing { () throws(LibraryError) in
      (try library.feeds(), try library.feedStates())
    }
    let feeds = rows.filter { WebURL($0.url)?.isWeb == true }
    var outlines = Outlines(states: Dictionary(states.map { ($0.id, $0) }) { first, _ in first })
    Output.standard.raw(outlines.document(of: feeds, at: surroundings.clock()))
    let files = rows.count - feeds.count
    guard files > 0 else { return }
    Output.standard.finish()
    Output.error.line(
      "\(counted(files, "feed")) \(files == 1 ? "is a local file" : "are local files") and "
        + "\(files == 1 ? "is" : "are") left out: no other machine has "
        + "\(files == 1 ? "it" : "them"). rill export state has all."
    )
  }
}

/// Feeds as outlines of OPML 2.0 (http://opml.org/spec2.opml).
struct Outlines {
  /// What stands in `xmlns:rill`.
  static let namespace = "urn:x-rill:opml"

  /// What is known of each feed.
  let states: [FeedID: FeedState]
  private var written: Set<FeedID> = []

  init(states: [FeedID: FeedState]) { self.states = states }

  /// The whole document: feeds without a tag first, then a folder for each tag.
  mutating func document(of feeds: [FeedRow], at now: Timestamp) -> [UInt8] {
    var xml = XMLText()
    xml.open("opml", [("version", "2.0"), ("xmlns:rill", Self.namespace)])
    xml.open("head")
    xml.element("title", "Feeds")
    xml.element("dateCreated", mailDate(now))
    xml.element("docs", "http://opml.org/spec2.opml")
    xml.close("head")
    xml.open("body")
    for feed in feeds where feed.tags.isEmpty { write(feed, to: &xml) }
    let tags = Set(feeds.flatMap(\.tags)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for tag in tags {
      xml.open("outline", [("text", tag), ("title", tag)])
      for feed in feeds where feed.tags.contains(tag) { write(feed, to: &xml) }
      xml.close("outline")
    }
    xml.close("body")
    xml.close("opml")
    return xml.bytes
  }

  private mutating func write(_ feed: FeedRow, to xml: inout XMLText) {
    // Commas and slashes part categories; a tag with one is a folder and no category.
    let categories = feed.tags.filter { !$0.contains(",") && !$0.contains("/") }
    var state: String?
    // Once is enough, and where a feed stands again readers look at its folder alone.
    if written.insert(feed.id).inserted, let known = states[feed.id] {
      var json = JSONWriter()
      StateLine.feed(known).write(to: &json)
      state = jsonInXML(json.bytes.dropLast())
    }
    xml.empty(
      "outline",
      [
        ("type", "rss"), ("text", feed.title), ("title", feed.title), ("xmlUrl", feed.url),
        (
          "htmlUrl",
          feed.site.flatMap(WebURL.init).flatMap { $0.isWeb ? $0.withoutUserinfo.text : nil }
        ),
        ("category", categories.isEmpty ? nil : categories.joined(separator: ",")),
        ("rill:state", state),
      ]
    )
  }

  /// JSON in which no character stands that XML has no form for.
  private func jsonInXML(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
      if scalar.value == 0xFFFE || scalar.value == 0xFFFF {
        text += "\\u" + String(scalar.value, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

/// A moment as RFC 822 has it, with four digits of the year: `Sun, 22 Nov 2026 08:06:51 GMT`.
func mailDate(_ moment: Timestamp) -> String {
  let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  let date = CivilDate(moment)
  // The time of day stands in the middle of the form of RFC 3339, and so does each number filled up.
  let parts = moment.rfc3339(milliseconds: false).split { "-TZ".contains($0) }
  return "\(days[date.weekday]), \(parts[2]) \(months[date.month - 1]) \(parts[0]) \(parts[3]) GMT"
}
