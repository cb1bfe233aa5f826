import FeedModel

/// A fact beyond JSON Feed whose text is being gathered, with what its attributes said.
enum FactField: Equatable {
  case rights(rank: Int)
  case license
  case contributor
  case commentsCount
  case commentsFeed
  case sourceTitle
  case sourceID

  // Of the feed alone.
  /// Of the generator that was met first.
  case generatorName
  case webMaster
  case updateBase

  // Places.
  case latitude
  case longitude
  /// A position has as many numbers as there are dimensions, the third of which is a height.
  case positions(Place.Shape, rank: Int, dimensions: Int)
  /// One of the two corners of an envelope.
  case corner(isUpper: Bool, dimensions: Int)
  case placeName

  // Media.
  case credit(role: String?)
  case rating

  // Podcasts.
  case season(name: String?)
  case episodeNumber(name: String?)
  case episodeKind
  case isExplicit
  case isBlocked
  case person(Participant)
  /// Of the last one.
  case soundbiteTitle
  case podcastGUID
  case podcastKind
  case podcastMedium
  case isComplete
  case isLocked
  case newFeedURL
  /// Of the last one.
  case fundingTitle

  /// Elements in the text are part of it.
  var holdsMarkup: Bool {
    switch self {
    case .rights, .sourceTitle: true
    default: false
    }
  }
}
