/// What of a document libxml2 may see, and the texts that it need not see.
struct GuardedDocument {
  /// The document in UTF-8.
  let bytes: [UInt8]
  /// Its tags, mended, with a `marker` for each text between them.
  ///
  /// Where text is not lifted, the texts themselves stand there, mended as well.
  var frame: [UInt8]
  /// The texts that `marker` stands for, in order; nil where text is not lifted.
  var texts: [LiftedText]?
  /// Where the start tags of `frame` are in the document, in order.
  var tags: [UInt32]
  /// What a DOCTYPE declared.
  var entities: Entities
  /// The line of its root element.
  var rootLine: Int
  /// The document ends before its root element does.
  var isTruncated: Bool
  /// The cap that ended it early, if one did.
  var limit: Limit?

  /// One byte of character data that stands for a text.
  ///
  /// DEL is a character that XML allows and nobody writes. Where libxml2 takes a tag for text, its
  /// bytes are no markers, so that no text is put there.
  static let marker: UInt8 = 0x7F
}

/// Where a text is in the document.
///
/// Eight bytes: a document can have millions, and no place in it needs more than 31 bits.
struct LiftedText {
  private let start: UInt32
  private let countAndKind: UInt32

  /// Describes a text.
  ///
  /// - Parameters:
  ///   - range: Its bytes in the document.
  ///   - isLiteral: A CDATA section or a stray `<`, in which nothing is a reference.
  init(_ range: Range<Int>, isLiteral: Bool) {
    start = UInt32(range.lowerBound)
    countAndKind = UInt32(range.count) << 1 | (isLiteral ? 1 : 0)
  }

  var range: Range<Int> { Int(start)..<Int(start) + Int(countAndKind >> 1) }
  var isLiteral: Bool { countAndKind & 1 == 1 }
}
