/// The names of elements and attributes that mean something, without regard to letter case.
///
/// The raw value is the name in lower case: feeds write `<pubdate>` and `<PubDate>` as well.
enum ElementName: String, CaseIterable {
  /// Every name that is not listed.
  case other = ""

  // Documents and their frame.
  case rss, rdf, feed, channel, item, entry, version

  // What RSS and Atom call the parts of a feed and of an item.
  case author, body, category, comments, content, contributor, created, day, description, div
  case email, enclosure, fullItem = "fullitem", guid, homepage, hour, icon, id, image, issued,
    language, link
  case lastBuildDate = "lastbuilddate", logo, managingEditor = "managingeditor", modified, name,
    pubDate = "pubdate", published
  case skipDays = "skipdays", skipHours = "skiphours", subtitle, summary, tagline, tags, title, ttl
  case updated, uri, url

  // Modules.
  case creator, date, duration, encoded, group, keywords, origLink = "origlink", subject, text
  case thumbnail, updateFrequency = "updatefrequency", updatePeriod = "updateperiod"

  // RSS 1.1 and CDF.
  case abstract, items, lastMod = "lastmod", style

  // Lists of subscriptions.
  case dateCreated = "datecreated", dateModified = "datemodified", head, htmlURL = "htmlurl"
  case outline, ownerEmail = "owneremail", ownerID = "ownerid", ownerName = "ownername"
  case xmlURL = "xmlurl"

  // Attributes.
  case about, base, fileSize = "filesize", href, isPermaLink = "ispermalink", label, lang, length
  case medium, mode, rel, src, term, type, value

  private static let byText: [String: ElementName] = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
  )

  /// Finds a name.
  init(_ text: String) { self = Self.byText[text.lowercased()] ?? .other }
}
