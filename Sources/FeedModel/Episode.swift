/// What a podcast says of an episode: Apple's `itunes:`, `podcast:` and Podlove's `psc:` elements.
public struct Episode: Hashable, Sendable {
  /// `itunes:season`, `podcast:season`.
  public var season: Int?
  /// `podcast:season name`.
  public var seasonName: String?
  /// `itunes:episode`; `podcast:episode` may have a fraction.
  public var number: Double?
  /// What is shown in place of the number: `podcast:episode display`.
  public var numberName: String?
  /// `itunes:episodeType`: `full`, `trailer` or `bonus`.
  public var kind: EpisodeKind?
  /// `itunes:explicit`.
  public var isExplicit: Bool?
  /// `itunes:block`: directories should not show it.
  public var isBlocked: Bool?
  /// `podcast:transcript`, in document order.
  public var transcripts: [LinkedFile] = []
  /// A file of chapters: `podcast:chapters`.
  public var chaptersFile: LinkedFile?
  /// `psc:chapter`, in document order.
  public var chapters: [Chapter] = []
  /// `podcast:person`, in document order.
  public var people: [Participant] = []
  /// `podcast:soundbite`, in document order.
  public var soundbites: [Soundbite] = []

  /// An episode of which nothing is said.
  public init() {}
}

/// What kind of episode it is: `itunes:episodeType`.
public enum EpisodeKind: String, Hashable, Sendable, CaseIterable {
  /// What the podcast is made of.
  case full
  /// A short piece that makes known what is to come.
  case trailer
  /// Something beside the podcast's own course.
  case bonus
}

/// A file about an episode.
public struct LinkedFile: Hashable, Sendable {
  /// Where it is.
  public var url: String
  /// Its media type, as the document claims it.
  public var mimeType: String?
  /// RFC 5646 language tag.
  public var language: String?
  /// `rel`, in lower case, such as `captions`.
  public var relation: String?

  /// Describes a file by its address.
  public init(url: String) { self.url = url }
}

/// A chapter of an episode: `psc:chapter`.
public struct Chapter: Hashable, Sendable {
  /// When it starts; never negative.
  public var startInSeconds: Double
  /// Its title.
  public var title: String?
  /// A page about it.
  public var url: String?
  /// The URL of a picture.
  public var image: String?

  /// Describes a chapter by its start.
  public init(startInSeconds: Double) { self.startInSeconds = startInSeconds }
}

/// Who takes part in a podcast: `podcast:person`.
public struct Participant: Hashable, Sendable {
  /// The name.
  public var name: String
  /// In lower case; `host` is meant when there is none.
  public var role: String?
  /// In lower case; `cast` is meant when there is none.
  public var group: String?
  /// A page about the person.
  public var url: String?
  /// The URL of a picture.
  public var image: String?

  /// Names a person.
  public init(name: String) { self.name = name }
}

/// A part of an episode that makes people curious: `podcast:soundbite`.
public struct Soundbite: Hashable, Sendable {
  /// When it starts; never negative.
  public var startInSeconds: Double
  /// How long it plays; never negative.
  public var durationInSeconds: Double
  /// Its title; nil when that of the episode is meant.
  public var title: String?

  /// Describes a part by its place.
  public init(startInSeconds: Double, durationInSeconds: Double) {
    self.startInSeconds = startInSeconds
    self.durationInSeconds = durationInSeconds
  }
}
