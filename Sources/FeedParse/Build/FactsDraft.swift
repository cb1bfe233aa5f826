import FeedModel

/// What the feed or an item says beyond JSON Feed, while its element is open.
///
/// One type for both, as most of it may be said of both and is read in the same way.
struct FactsDraft {
  var rights = Ranked<String>()
  var licenses: [String] = []
  var metLicenses = MetTexts()
  var contributors: [Author] = []
  var people: [Participant] = []
  var isExplicit: Bool?
  var isBlocked: Bool?
  var place = Ranked<Place>()
  var placeName: String?
  var latitude: Double?
  var longitude: Double?
  /// How many numbers a position of GML has.
  var dimensions = 2
  /// The south-western corner of the envelope that is open.
  var lowerCorner: Position?
  /// Its north-eastern corner, which may stand before the other.
  var upperCorner: Position?

  // Of an item.
  var commentsCount = Ranked<Int>()
  var commentsFeedURL: String?
  var inReplyTo: [RepliedItem] = []
  var source: ItemSource?
  var media = Media()
  /// How many groups of media there were.
  var groupCount = 0
  var isInGroup = false
  var episode = Episode()
  /// Who wrote the item when nothing else says so.
  var otherAuthors = Ranked<[Author]>()
  /// The language of one of its texts, when nothing says which the item has.
  var textLanguage = Ranked<String>()

  // Of the feed.
  var updated = Ranked<Timestamp>()
  var generator: Generator?
  var webMaster: Author?
  var nextURL: String?
  var tags: [String] = []
  var metTags = MetTexts()
  var podcast = Podcast()

  /// Offers an author for want of another one; those of an equal rank stand together.
  mutating func offerAuthor(_ author: Author, rank: Int) {
    if otherAuthors.rank == rank, let authors = otherAuthors.value {
      guard authors.count < Limit.listEntries.value else { return }
      otherAuthors = Ranked()
      otherAuthors.offer(authors + [author], rank: rank)
    } else {
      otherAuthors.offer([author], rank: rank)
    }
  }

  private var namedPlace: Place? {
    var place = place.value
    if place?.name == nil { place?.name = placeName }
    return place
  }

  /// What is said, as facts of an item.
  var ofItem: ItemFacts {
    var facts = ItemFacts()
    facts.rights = rights.value
    facts.licenses = licenses
    facts.source = source == ItemSource() ? nil : source
    facts.contributors = contributors
    facts.commentsCount = commentsCount.value
    facts.commentsFeedURL = commentsFeedURL
    facts.inReplyTo = inReplyTo
    facts.place = namedPlace
    facts.media = media == Media() ? nil : media
    var episode = episode
    episode.people = people
    episode.isExplicit = isExplicit
    episode.isBlocked = isBlocked
    facts.episode = episode == Episode() ? nil : episode
    return facts
  }

  /// What is said, as facts of the feed.
  var ofFeed: FeedFacts {
    var facts = FeedFacts()
    facts.updated = updated.value
    facts.generator = generator == Generator() ? nil : generator
    facts.rights = rights.value
    facts.licenses = licenses
    facts.tags = tags
    facts.contributors = contributors
    facts.webMaster = webMaster
    facts.nextURL = nextURL
    facts.place = namedPlace
    var podcast = podcast
    podcast.people = people
    podcast.isExplicit = isExplicit
    podcast.isBlocked = isBlocked
    facts.podcast = podcast == Podcast() ? nil : podcast
    return facts
  }
}
