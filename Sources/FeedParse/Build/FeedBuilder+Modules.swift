import FeedModel

/// The arms by vocabulary: what an element of a namespace means in a feed and in an item.
///
/// A rank says how far a place is trusted: a module never overrules what the format itself says,
/// and an element of an unknown vocabulary says nothing at all.
extension FeedBuilder {
  /// An element in a channel or a feed.
  func startInFeed(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    let vocabulary = vocabulary(name)
    switch vocabulary {
    case .rss: return startCoreFeed(name, attributes, isAtom: false)
    case .atom10: return startCoreFeed(name, attributes, isAtom: true)
    case .cdf: return startCDFFeed(name, attributes)
    case .itunes: return startITunesFeed(name, attributes)
    case .media: return startMediaFeed(name, attributes)
    default: break
    }
    switch (vocabulary, name.element) {
    case (.dc, .title): return gather(.title(rank: 5), .guess)
    case (.dc, .description): return gather(.summary(rank: 5), .guess)
    case (.dc, .language): return gather(.language, .plain)
    case (.dc, .creator): return gather(.author, .plain)
    case (.dc, .subject): return gather(.tag, .guess)
    case (.dcterms, .modified): return gather(.modified(rank: 2), .plain)
    case (.dc, .date): return gather(.modified(rank: 3), .plain)
    case (.syndication, .updatePeriod): return gather(.updatePeriod, .plain)
    case (.syndication, .updateFrequency): return gather(.updateFrequency, .plain)
    case (.syndication, .updateBase): return gather(.fact(.updateBase), .plain)
    default: return startFact(vocabulary, name, attributes)
    }
  }

  /// An element in an item or an entry.
  func startInItem(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    let vocabulary = vocabulary(name)
    switch vocabulary {
    case .rss: return startCoreItem(name, attributes, isAtom: false)
    case .atom10: return startCoreItem(name, attributes, isAtom: true)
    case .cdf: return startCDFItem(name, attributes)
    case .itunes: return startITunesItem(name, attributes)
    case .media: return startInMedia(name, attributes)
    default: break
    }
    switch (vocabulary, name.element) {
    case (.content, .encoded): return gather(.content(rank: 1), .html)
    case (.xhtml, .body), (.xhtml, .div): return gather(.content(rank: 2), .markup)
    case (.dc, .title): return gather(.title(rank: 5), .guess)
    case (.dc, .description): return gather(.summary(rank: 5), .guess)
    case (.dc, .creator), (.dc, .author): return gather(.author, .plain)
    case (.dc, .date): return gather(.published(rank: 4), .plain)
    case (.dc, .subject): return gather(.tag, .guess)
    case (.dc, .language): return gather(.language, .plain)
    case (.dcterms, .issued): return gather(.published(rank: 3), .plain)
    case (.dcterms, .created): return gather(.published(rank: 5), .plain)
    case (.dcterms, .modified): return gather(.modified(rank: 1), .plain)
    case (.feedburner, .origLink): return gather(.link(rank: 0), .plain)
    default: return startFact(vocabulary, name, attributes)
    }
  }

  /// The vocabulary of a name, RSS's own and Atom's own taken together over their versions.
  ///
  /// What has no namespace, or that of the root element, belongs to the format of the document.
  func vocabulary(_ name: XMLName) -> XMLNamespace {
    switch name.namespace {
    case .none: core
    // Quirk: all of a feed is in a namespace that is not its format's. Seen: hand-written feeds and generators with settings. Fixture: quirks/rss-in-atom-namespace.xml
    case own.namespace where name.prefix == own.prefix: core
    case .rss090, .rss11: .rss
    case .atom03: .atom10
    default: name.namespace
    }
  }
}
