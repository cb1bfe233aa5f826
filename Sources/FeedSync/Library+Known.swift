import FeedIndex
import FeedMerge
import FeedModel
import FeedStore

/// So many bytes of old items a merge is shown at once; what is beyond that counts as not here.
private let itemBytesMax = 16 << 20

/// How often a merge may ask for old items, each time for others.
private let roundsMax = 3

extension Library {
  /// What is known of a feed's articles that a document could match.
  private func known(_ keys: DocumentKeys, of feed: FeedID) throws(LibraryError) -> [KnownArticle] {
    try indexing { () throws(IndexError) in
      guard try index.hasArticles(of: feed) else { return [] }
      let known = try index.knownArticles(of: feed, keys: keys.lookupKeys)
      let further = keys.furtherLookups(known: known)
      guard !further.isEmpty else { return known }
      let more = try index.knownArticles(
        of: feed,
        keys: further.keys,
        fingerprints: further.fingerprints,
        names: further.names,
        textlessNames: further.textlessNames,
        pages: further.pages,
        moments: further.moments
      )
      let ids = Set(known.map { $0.keys[0] })
      return known + more.filter { !ids.contains($0.keys[0]) }
    }
  }

  /// Merges a document with what is known, and with the old items that the merge wants to look at.
  ///
  /// Where nothing changed no item is read.
  func merging(_ keys: DocumentKeys, of feed: FeedID) throws(LibraryError) -> Merging {
    var known = try known(keys, of: feed)
    var merging = Merging(keys, known: known)
    var asked: Set<ArticleID> = []
    for _ in 0..<roundsMax {
      let wanted = merging.wantedItems.filter { asked.insert($0).inserted }
      if wanted.isEmpty { break }
      let articles = try articles(of: wanted)
      for place in known.indices {
        guard let article = articles[known[place].keys[0]] else { continue }
        known[place].item = article.item
        known[place].formerHashes = article.formerHashes
      }
      merging = Merging(keys, known: known)
    }
    return merging
  }

  /// The newest revisions of articles, as far as their lines can be read now.
  private func articles(of ids: [ArticleID]) throws(LibraryError) -> [ArticleID: Article] {
    var places: [(id: ArticleID, place: LinePlace)] = []
    var bytes = 0
    for id in ids {
      let place = try indexing { () throws(IndexError) in try index.placeOfKnown(id) }
      guard let place, bytes + place.length <= itemBytesMax else { continue }
      bytes += place.length
      places.append((id, place))
    }
    places.sort { ($0.place.segment, $0.place.offset) < ($1.place.segment, $1.place.offset) }
    var articles: [ArticleID: Article] = [:]
    for (wanted, event) in zip(places, store.events(at: places.map(\.place))) {
      guard case .article(let article) = event?.operation, !isPurged(article) else { continue }
      articles[wanted.id] = article
    }
    return articles
  }
}
