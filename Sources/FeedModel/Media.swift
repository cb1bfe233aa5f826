/// What Media RSS says of an item.
public struct Media: Hashable, Sendable {
  /// `media:content`, in document order.
  ///
  /// Sounds and films among them are attachments of the item as well.
  public var files: [MediaFile] = []
  /// `media:thumbnail`, in document order.
  public var thumbnails: [Thumbnail] = []
  /// `media:credit`, in document order.
  public var credits: [Credit] = []
  /// A page that plays it: `media:player url`.
  public var playerURL: String?
  /// For whom it is: `media:rating`, such as `nonadult`.
  public var rating: String?
  /// What people thought of it: `media:starRating`.
  public var stars: StarRating?
  /// How often it was seen: `media:statistics views`.
  public var views: Int64?
  /// How many people keep it: `media:statistics favorites`.
  public var favorites: Int64?

  /// An item of which nothing is said.
  public init() {}
}

/// One file of `media:content`.
public struct MediaFile: Hashable, Sendable {
  /// Where it is.
  public var url: String
  /// Which `media:group` it stands in, counted from 1 within the item.
  ///
  /// Files of one group are the same thing in different forms. Nil when it stands alone.
  public var group: Int?
  /// Its media type, as the document claims it.
  public var mimeType: String?
  /// `image`, `audio`, `video`, `document` or `executable`, as the document claims it.
  public var medium: String?
  /// Its width in pixels.
  public var width: Int?
  /// Its height in pixels.
  public var height: Int?
  /// `bitrate`, in kilobits per second.
  public var kilobitsPerSecond: Double?
  /// Its size in bytes, as the document claims it; never negative.
  public var sizeInBytes: Int64?
  /// How long it plays, in seconds; never negative.
  public var durationInSeconds: Int64?
  /// RFC 5646 language tag.
  public var language: String?
  /// Of its group this is the one to take.
  public var isDefault: Bool?

  /// Describes a file by its address.
  public init(url: String) { self.url = url }
}

/// A small picture that stands for something larger.
public struct Thumbnail: Hashable, Sendable {
  /// Where it is.
  public var url: String
  /// Its width in pixels.
  public var width: Int?
  /// Its height in pixels.
  public var height: Int?
  /// Which moment of the film it shows, in seconds.
  public var timeInSeconds: Double?

  /// Describes a picture by its address.
  public init(url: String) { self.url = url }
}

/// Who had a part in something.
public struct Credit: Hashable, Sendable {
  /// The name.
  public var name: String
  /// Which part, in lower case, such as `photographer`.
  public var role: String?

  /// Names a person or a house.
  public init(name: String, role: String? = nil) {
    self.name = name
    self.role = role
  }
}

/// What people thought of something, in stars.
public struct StarRating: Hashable, Sendable {
  /// The average.
  public var average: Double?
  /// How many people were asked.
  public var count: Int64?
  /// The fewest stars that can be given.
  public var minimum: Double?
  /// The most stars that can be given.
  public var maximum: Double?

  /// A rating of which nothing is known yet.
  public init() {}
}
