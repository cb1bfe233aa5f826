/// The names of elements and attributes that mean something, without regard to letter case.
///
/// The raw value is the name in lower case: feeds write `<pubdate>` and `<PubDate>` as well.
enum ElementName: String, CaseIterable {
  /// Every name that is not listed.
  case other = ""

  // Documents and their frame.
  case rss, rdf, feed, channel, item, entry, version

  // What RSS and Atom call the parts of a feed and of an item.
  case author, body, category, comments, content, contributor, copyright, created, day, description
  case div, email, enclosure, fullItem = "fullitem", generator, guid, homepage, hour, icon, id,
    image
  case issued, language, lastBuildDate = "lastbuilddate", link, logo
  case managingEditor = "managingeditor", modified, name, pubDate = "pubdate", published, rights
  case skipDays = "skipdays", skipHours = "skiphours", source, subtitle, summary, tagline, tags
  case title, ttl, updated, uri, url, webMaster = "webmaster"

  // Modules of text, schedule, licence and comments.
  case commentRSS = "commentrss", creator, date, encoded, generatorAgent = "generatoragent"
  case inReplyTo = "in-reply-to", keywords, license, origLink = "origlink", subject, total
  case updateBase = "updatebase", updateFrequency = "updatefrequency"
  case updatePeriod = "updateperiod"

  // Media.
  case community, credit, duration, group, player, rating, starRating = "starrating", statistics
  case text, thumbnail

  // Podcasts.
  case block, chapter, chapters, complete, episode, episodeType = "episodetype", explicit, funding
  case location, locked, newFeedURL = "new-feed-url", owner, person, season, soundbite, transcript

  // Places.
  case box, envelope, exterior, featureName = "featurename", lat, latLong = "lat_long", line
  case linearRing = "linearring", lineString = "linestring", long, lowerCorner = "lowercorner"
  case point, polygon, position = "pos", positions = "poslist", upperCorner = "uppercorner"
  case `where`

  // RSS 1.1 and CDF.
  case abstract, items, lastMod = "lastmod", style

  // Lists of subscriptions.
  case dateCreated = "datecreated", dateModified = "datemodified", head, htmlURL = "htmlurl"
  case outline, ownerEmail = "owneremail", ownerID = "ownerid", ownerName = "ownername"
  case xmlURL = "xmlurl"

  // Attributes.
  case about, average, base, bitrate, count, display, favorites, fileSize = "filesize", geo, height
  case href, img, isDefault = "isdefault", isPermaLink = "ispermalink", label, lang, length, max
  case medium, min, mode, ref, rel, resource, role, src, srsDimension = "srsdimension", start,
    startTime = "starttime", state
  case term, time, type, value, views, width

  private static let byText: [String: ElementName] = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
  )

  /// Finds a name.
  init(_ text: String) { self = Self.byText[text] ?? Self.byText[text.lowercased()] ?? .other }
}
