/// The names of elements and attributes that mean something, without regard to letter case.
///
/// The raw value is the name in lower case: feeds write `<pubdate>` and `<PubDate>` as well.
enum ElementName: String, CaseIterable {
  /// Every name that is not listed.
  case other = ""

  // Documents and their frame.
  case rss, rdf, feed, channel, item, entry, version

  // What RSS and Atom call the parts of a feed and of an item.
  case author, body, category, comments, content, contributor, copyright, created, day
  case description, div, email, enclosure, fullItem = "fullitem", generator, guid, hour, icon, id,
    image, issued, items
  case language, link, logo, managingEditor = "managingeditor", modified, name, pubDate = "pubdate"
  case published, skipDays = "skipdays", skipHours = "skiphours", source, subtitle, summary
  case tagline, textInput = "textinput", title, ttl, updated, uri, url, webMaster = "webmaster"

  // Modules.
  case creator, date, duration, encoded, group, keywords, origLink = "origlink", owner, player
  case subject, text, thumbnail, updateBase = "updatebase", updateFrequency = "updatefrequency"
  case updatePeriod = "updateperiod", commentRSS = "commentrss"

  // Attributes.
  case about, base, fileSize = "filesize", href, isPermaLink = "ispermalink", label, lang, length
  case medium, mode, rel, resource, src, term, type, value

  private static let byText: [String: ElementName] = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
  )

  /// Finds a name.
  init(_ text: String) { self = Self.byText[text.lowercased()] ?? .other }
}
