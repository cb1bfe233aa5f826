/// A document as it was read off the wire: the feed, its items, and what was wrong with it.
///
/// The same bytes, base URL and content type always give the same value.
public struct ParsedFeed: Hashable, Sendable {
  /// Which format the document has.
  public var format: FeedFormat
  /// The feed's title as plain text.
  public var title: String?
  /// The site: RSS `<link>`, Atom `link rel="alternate"`, JSON Feed `home_page_url`.
  public var homePageURL: String?
  /// The feed's own address: `link rel="self"`, JSON Feed `feed_url`.
  public var feedURL: String?
  /// RSS `<description>`, Atom `<subtitle>`, as plain text.
  public var description: String?
  /// A large picture: RSS `<image><url>`, Atom `<logo>`, `itunes:image`, JSON Feed `icon`.
  public var icon: String?
  /// A small picture: Atom `<icon>`, JSON Feed `favicon`.
  public var favicon: String?
  /// RFC 5646 language tag.
  public var language: String?
  /// In document order.
  public var authors: [Author] = []
  /// WebSub hubs: `link rel="hub"`, JSON Feed `hubs` of type `WebSub`.
  public var hubs: [String] = []
  /// In document order.
  public var items: [FeedItem] = []
  /// How often the publisher asks to be polled.
  public var schedule = PublisherSchedule()
  /// What JSON Feed has no name for.
  public var facts = FeedFacts()
  /// What was repaired or could not be read: those without a line first, then by line.
  public var issues: [ParseIssue] = []
  /// The document ends before its last element does.
  ///
  /// The complete items stand; nothing may be concluded from what is absent.
  public var isTruncated = false

  /// A feed of which only the format is known.
  public init(format: FeedFormat) { self.format = format }
}

/// The formats that are told apart, by root element, namespace and version.
public enum FeedFormat: String, Hashable, Sendable, CaseIterable {
  /// RSS 0.90 (`rdf:RDF`, namespace `http://my.netscape.com/rdf/simple/0.9/`).
  case rss090 = "rss-0.90"
  /// RSS 0.91, Netscape's or UserLand's.
  case rss091 = "rss-0.91"
  /// RSS 0.92.
  case rss092 = "rss-0.92"
  /// RSS 0.93.
  case rss093 = "rss-0.93"
  /// RSS 0.94.
  case rss094 = "rss-0.94"
  /// RSS 1.0 (`rdf:RDF`).
  case rss10 = "rss-1.0"
  /// RSS 1.1 (`Channel`, namespace `http://purl.org/net/rss1.1#`).
  case rss11 = "rss-1.1"
  /// RSS 2.0, and any `<rss>` of another or no version.
  case rss20 = "rss-2.0"
  /// Atom 0.3.
  case atom03 = "atom-0.3"
  /// Atom 1.0 (RFC 4287).
  case atom10 = "atom-1.0"
  /// Channel Definition Format (`CHANNEL`).
  case cdf
  /// JSON Feed 1.0.
  case jsonFeed10 = "json-feed-1.0"
  /// JSON Feed 1.1.
  case jsonFeed11 = "json-feed-1.1"
  /// RSS whose elements stand as JSON.
  case rssInJSON = "rss-in-json"
  /// Atom whose elements stand as JSON.
  case atomInJSON = "atom-in-json"
}

/// What a feed says about when to poll it.
public struct PublisherSchedule: Hashable, Sendable {
  /// RSS 2.0 `<ttl>`, in minutes; nil when absent or no positive number.
  public var ttlMinutes: Int?
  /// RSS `<skipHours>`: hours of the day, UTC, 0 to 23.
  public var skipHours: [Int] = []
  /// RSS `<skipDays>`: days of the week, UTC, 0 is Sunday.
  public var skipDays: [Int] = []
  /// `sy:updatePeriod` divided by `sy:updateFrequency`, in seconds; nil when absent.
  public var updateSeconds: Int64?
  /// `sy:updateBase`: a moment from which the periods are counted.
  public var updateBase: Timestamp?
  /// There will never be another item: JSON Feed `expired`.
  public var isOver = false

  /// A feed that says nothing.
  public init() {}
}

/// One thing that was wrong with a document and did not stop it from being read.
public struct ParseIssue: Hashable, Sendable {
  /// The kinds of trouble.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// XML that is not well formed, mended by the parser's recovery.
    case malformedXML = "malformed-xml"
    /// The document ends before its root element does.
    case truncated
    /// Bytes before the XML declaration or the root element.
    case leadingBytes = "leading-bytes"
    /// The bytes are not in the encoding that is claimed for them.
    case wrongEncoding = "wrong-encoding"
    /// An encoding that is not known.
    case unknownEncoding = "unknown-encoding"
    /// A character that XML forbids, dropped.
    case forbiddenCharacter = "forbidden-character"
    /// An entity that is not declared.
    case undeclaredEntity = "undeclared-entity"
    /// A DOCTYPE, cut out unread.
    case doctype
    /// A date that could not be read.
    case badDate = "bad-date"
    /// A date that lies in the future; the parser has no clock, so others note it.
    case futureDate = "future-date"
    /// A value of the wrong type or out of its range.
    case badValue = "bad-value"
    /// A cap was reached and the rest was left out.
    case limit
    /// JSON that breaks a rule of JSON Feed.
    case malformedJSON = "malformed-json"
    /// An entry of a list of subscriptions that was not taken.
    case rejected
    /// A user and a password that stood in an address and were taken out of it.
    case credentials
  }

  /// What kind of trouble.
  public var kind: Kind
  /// The line in the document, from 1; nil when unknown.
  public var line: Int?
  /// The value or the parser's words, at most 200 characters.
  public var detail: String?

  /// Notes an issue; a longer detail is cut, and an empty one is none.
  public init(_ kind: Kind, line: Int? = nil, detail: String? = nil) {
    self.kind = kind
    self.line = line
    self.detail = detail.flatMap { detail in
      // Scalars, since one character can be made of millions of them.
      detail.isEmpty ? nil : String(String.UnicodeScalarView(detail.unicodeScalars.prefix(200)))
    }
  }
}

/// Why a document is no feed.
public enum ParseError: Error, Hashable, Sendable {
  /// There are no bytes, or only white space.
  case empty
  /// An HTML page. Its own feed links, if any, are for discovery to find.
  case htmlPage
  /// XML with another root element.
  case notAFeed(root: String)
  /// XML with another root element, where a list of subscriptions was looked for.
  case notAList(root: String)
  /// JSON that is no JSON Feed.
  case notAJSONFeed
  /// Neither XML nor JSON.
  case unrecognised
  /// Not one element could be read.
  case unreadable(line: Int, reason: String)
  /// A cap that stops the whole document, with its name and value.
  case limit(name: String, value: Int)
  /// The shared library that reads XML cannot be loaded; nothing is said of the document.
  case libraryMissing(name: String)
}

extension ParseError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .empty: "The document is empty."
    case .htmlPage: "This is a web page, not a feed."
    case .notAFeed(let root): "This is \(Self.kind(root: root)), not a feed."
    case .notAList(let root): "This is \(Self.kind(root: root)), not a list of subscriptions."
    case .notAJSONFeed: "This is JSON, but not a JSON Feed."
    case .unrecognised: "This is neither XML nor JSON, so it is no feed."
    case .unreadable(let line, let reason): "Line \(line) cannot be read: \(reason)."
    case .limit(let name, let value): "The document passes the limit \(name) of \(value)."
    case .libraryMissing(let name): "\(name) is missing: install libxml2."
    }
  }

  /// What a document with this root element is, to somebody who does not know its name.
  private static func kind(root: String) -> String {
    switch root.split(separator: ":").last?.lowercased() {
    case "rss", "rdf", "feed": "a feed"
    case "opml", "oml": "a list of subscriptions (OPML)"
    case "urlset", "sitemapindex": "a map of a site for search engines"
    case "opensearchdescription": "the description of a search engine"
    default: "XML with the root <\(root)>"
    }
  }
}
