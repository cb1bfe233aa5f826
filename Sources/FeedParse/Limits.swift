/// The caps that keep a hostile document cheap.
///
/// Each has the name that an issue or an error gives it. Passing one never loses an item that was
/// complete before it.
struct Limit: Hashable, Sendable {
  /// What is counted, in words.
  let name: String
  /// How much of it is allowed.
  let value: Int

  /// The decoded document.
  static let documentBytes = Limit(name: "document bytes", value: 32 << 20)
  /// How deep elements may nest.
  static let depth = Limit(name: "depth", value: 256)
  /// How many outlines of a list may be open at once.
  static let openOutlines = Limit(name: "open outlines", value: 200_000)
  /// How many folders a feed of a list may lie in, one within the other.
  static let folders = Limit(name: "folders", value: 100)
  /// The feeds of a list.
  static let listedFeeds = Limit(name: "feeds", value: 50_000)
  /// A list of subscriptions.
  static let listBytes = Limit(name: "list bytes", value: 20 << 20)
  /// What another reader wrote down of its articles.
  static let readerBytes = Limit(name: "list bytes", value: 256 << 20)
  /// What the folders of all feeds of a list come to.
  static let folderEntries = Limit(name: "folder entries", value: 1_000_000)
  /// The text of one article, all its fields together.
  static let articleBytes = Limit(name: "article bytes", value: 8 << 20)
  /// The items of one document.
  static let items = Limit(name: "items", value: 20_000)
  /// One start tag: libxml2 takes time quadratic in the number of attributes.
  static let startTagBytes = Limit(name: "start tag bytes", value: 1 << 20)
  /// The attributes of one start tag.
  static let attributes = Limit(name: "attributes", value: 256)
  /// The start tags of one document.
  static let elements = Limit(name: "elements", value: 1_000_000)
  /// The different names of one document: libxml2 keeps all in a table that grows slow.
  static let names = Limit(name: "names", value: 10_000)
  /// The namespace declarations of one document, for the same reason.
  static let declarations = Limit(name: "namespace declarations", value: 100_000)
  /// The places that are mended in one document: each makes it longer.
  static let repairs = Limit(name: "repairs", value: 200_000)
  /// What is compared to find out what misplaced end tags close.
  static let comparedBytes = Limit(name: "compared bytes", value: 64 << 20)
  /// The entries of any one list of an item or of the feed.
  static let listEntries = Limit(name: "list entries", value: 256)
  /// A URL that others are resolved against.
  static let baseBytes = Limit(name: "base URL bytes", value: 2048)
  /// A reference, and what it is resolved to.
  static let urlBytes = Limit(name: "URL bytes", value: 8192)
  /// What all the references of one document may cost and grow to.
  static let resolvedBytes = Limit(name: "resolved bytes", value: 16 << 20)
  /// What the entities of an internal subset may grow to.
  static let entityBytes = Limit(name: "entity bytes", value: 1 << 20)
  /// The value of one entity of an internal subset.
  static let entityValueBytes = Limit(name: "entity value bytes", value: 4096)

  /// How an issue names it.
  var detail: String { "\(name) \(value)" }
}
