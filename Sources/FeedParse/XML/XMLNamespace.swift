/// The vocabularies that feeds are written in.
enum XMLNamespace: UInt8 {
  /// No namespace at all.
  case none
  /// One that means nothing to us.
  case unknown
  /// `xml:base`, `xml:lang`.
  case xml
  case rdf
  /// RSS 1.0, and what people put RSS 2.0 into.
  case rss
  case rss090
  case rss11
  /// CDF, which has no namespace.
  case cdf
  case atom10
  case atom03
  case content
  case dc
  case dcterms
  case media
  case itunes
  case syndication
  case slash
  case wfw
  case feedburner
  case xhtml
  case podcast
  /// Podlove's simple chapters.
  case chapters
  case georss
  case gml
  /// W3C's `lat` and `long`.
  case geo
  /// RFC 4685, `thr:`.
  case thread
  /// `creativeCommons:` and `cc:`.
  case license
  case admin
  /// What Rill adds to OPML.
  case rill

  /// Finds the vocabulary of a name.
  ///
  /// Feeds write namespaces with the wrong case, with `https`, or with another ending; they declare
  /// the prefix of a module for an address that nobody knows; and they use prefixes that they never
  /// declare. All that is forgiven where it is plain what is meant.
  ///
  /// - Parameters:
  ///   - uri: The namespace; nil when there is none, or when the prefix was not declared.
  ///   - prefix: The prefix; nil when there is none.
  init(uri: String?, prefix: String?) {
    if let uri, !uri.isEmpty {
      self = Self.byURI[Self.normalised(uri)] ?? prefix.flatMap(Self.module) ?? .unknown
    } else if let prefix, !prefix.isEmpty {
      self = Self.byPrefix[prefix.lowercased()] ?? .unknown
    } else {
      self = .none
    }
  }

  // Quirk: a module's prefix stands for another address. Seen: hand-written templates. Fixture: quirks/wrong-module-address.xml
  private static func module(_ prefix: String) -> XMLNamespace? {
    guard let known = byPrefix[prefix.lowercased()], known.isModule else { return nil }
    return known
  }

  /// A vocabulary that adds to a format; the formats themselves go by nothing but their address.
  private var isModule: Bool {
    switch self {
    case .none, .unknown, .xml, .rdf, .rss, .rss090, .atom10, .atom03, .xhtml, .rill: false
    default: true
    }
  }

  private static func normalised(_ uri: String) -> String {
    var text = Array(uri.utf8)
    for index in text.indices where text[index] >= 0x41 && text[index] <= 0x5A {
      text[index] |= 0x20
    }
    var rest = text[...]
    while let last = rest.last, last == 0x2F || last == 0x23 || Bytes.isSpace(last) {
      rest.removeLast()
    }
    for prefix in ["https://", "http://", "www."] where rest.starts(with: prefix.utf8) {
      rest.removeFirst(prefix.utf8.count)
    }
    return String(validUTF8: Array(rest))
  }

  /// In lower case, without scheme, `www.` and what `/` or `#` they end with.
  private static let byURI: [String: XMLNamespace] = [
    "w3.org/xml/1998/namespace": .xml,
    "w3.org/1999/02/22-rdf-syntax-ns": .rdf,
    "purl.org/rss/1.0": .rss,
    "my.netscape.com/rdf/simple/0.9": .rss090,
    "channel.netscape.com/rdf/simple/0.9": .rss090,
    "my.netscape.com/publish/formats/rss-0.91.dtd": .rss,
    "purl.org/net/rss1.1": .rss11,
    "backend.userland.com/rss": .rss,
    "backend.userland.com/rss2": .rss,
    "backend.userland.com/rss091": .rss,
    "backend.userland.com/rss092": .rss,
    "blogs.law.harvard.edu/tech/rss": .rss,
    "cyber.law.harvard.edu/rss": .rss,
    "cyber.law.harvard.edu/rss/rss.html": .rss,
    "rssboard.org/rss-specification": .rss,
    "w3.org/2005/atom": .atom10,
    "purl.org/atom/ns": .atom03,
    "example.com/newformat": .atom03,
    "example.com/necho": .atom03,
    "purl.org/echo": .atom03,
    "uri/of/echo/namespace": .atom03,
    "purl.org/pie": .atom03,
    "purl.org/rss/1.0/modules/content": .content,
    "purl.org/dc/elements/1.0": .dc,
    "purl.org/dc/elements/1.1": .dc,
    "purl.org/dc/elements": .dc,
    "purl.org/metadata/dublin_core": .dc,
    "purl.org/dc/terms": .dcterms,
    "search.yahoo.com/mrss": .media,
    "video.search.yahoo.com/mrss": .media,
    "tools.search.yahoo.com/mrss": .media,
    "rssboard.org/media-rss": .media,
    "itunes.com/dtds/podcast-1.0.dtd": .itunes,
    "itunes.com/dtds/podcast": .itunes,
    "example.com/dtds/podcast-1.0.dtd": .itunes,
    "purl.org/rss/1.0/modules/syndication": .syndication,
    "purl.org/rss/1.0/modules/slash": .slash,
    "wellformedweb.org/commentapi": .wfw,
    "rssnamespace.org/feedburner/ext/1.0": .feedburner,
    "w3.org/1999/xhtml": .xhtml,
    "podcastindex.org/namespace/1.0": .podcast,
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": .podcast,
    "podlove.org/simple-chapters": .chapters,
    "georss.org/georss": .georss,
    "georss.org/georss/10": .georss,
    "georss.org/georss/11": .georss,
    "opengis.net/gml": .gml,
    "opengis.net/gml/3.2": .gml,
    "w3.org/2003/01/geo/wgs84_pos": .geo,
    "w3.org/2003/01/geo": .geo,
    "purl.org/syndication/thread/1.0": .thread,
    "backend.userland.com/creativecommonsrssmodule": .license,
    "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": .license,
    "web.resource.org/cc": .license,
    "creativecommons.org/ns": .license,
    "webns.net/mvcb": .admin,
    "urn:x-rill:opml": .rill,
  ]

  /// What prefixes mean when nobody declares them.
  private static let byPrefix: [String: XMLNamespace] = [
    "xml": .xml, "rdf": .rdf, "rss": .rss, "atom": .atom10, "atom10": .atom10, "a10": .atom10,
    "content": .content, "dc": .dc, "dcterms": .dcterms, "media": .media, "itunes": .itunes,
    "sy": .syndication, "slash": .slash, "wfw": .wfw, "feedburner": .feedburner,
    "xhtml": .xhtml, "html": .xhtml, "podcast": .podcast, "psc": .chapters, "georss": .georss,
    "gml": .gml, "geo": .geo, "thr": .thread, "creativecommons": .license, "cc": .license,
    "admin": .admin,
  ]
}
