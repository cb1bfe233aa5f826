/// A part of a feed whose text is being gathered, and where it goes.
enum Field: Equatable {
  // Of the feed or the item that is open.
  case title(rank: Int)
  case link(rank: Int)
  case summary(rank: Int)
  case content(rank: Int)
  case guid
  case published(rank: Int)
  case modified(rank: Int)
  /// The text of a person's element, until an element of Atom's person stands in it.
  case author
  case tag
  /// A category; the label stands for it when it holds no text.
  case category(label: String?)
  case keywords
  case language
  case comments
  /// The text of an Atom link that lacks its `href`.
  case looseLink(relation: String, type: String?, rank: Int)
  case image(rank: Int)
  case duration
  /// What JSON Feed has no name for; in a box, as it is rare and large.
  indirect case fact(FactField)

  // Of the feed alone.
  case icon
  case ttl
  case hour
  case day
  case updatePeriod
  case updateFrequency

  // Of the person that is open.
  case personName
  case personURL
  case personEmail

  /// Elements in the text are part of it.
  var holdsMarkup: Bool {
    switch self {
    case .title, .summary, .content: true
    case .fact(let fact): fact.holdsMarkup
    default: false
    }
  }
}

/// What the text of an element is.
enum TextKind: Equatable {
  /// Text and nothing else.
  case plain
  /// HTML, escaped.
  case html
  /// Elements that stand there as such; text among them is escaped when it is gathered.
  case markup
  /// Whatever it looks like: RSS does not say.
  case guess
  /// Bytes in base64 (RFC 4648 §4) that may be a text of any kind.
  case base64
  /// Text and nothing else in base64.
  case plainBase64
}

/// Keeps the value that comes from the most trusted place.
///
/// A value of an equal rank does not replace one that is there: the first wins.
struct Ranked<Value> {
  private(set) var value: Value?
  private(set) var rank = Int.max

  /// Takes a value if its place is more trusted than where the present one is from.
  mutating func offer(_ value: Value?, rank: Int) {
    guard let value, rank < self.rank else { return }
    self.value = value
    self.rank = rank
  }

  /// Takes a value if its place is trusted as much as where the present one is from, or more.
  mutating func offerLast(_ value: Value?, rank: Int) {
    guard let value, rank <= self.rank else { return }
    self.value = value
    self.rank = rank
  }
}
