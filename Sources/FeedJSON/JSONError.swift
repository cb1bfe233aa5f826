/// Why a text is not the JSON that was asked for, with the place.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: String, Hashable, Sendable {
    /// The text ends in the middle of a value.
    case unexpectedEnd = "the text ends too early"
    /// A character that cannot stand here.
    case unexpectedByte = "unexpected character"
    /// A value of another type than the one asked for.
    case wrongType = "a value of the wrong type"
    /// Bytes in a string that are not UTF-8.
    case notUTF8 = "bytes that are not UTF-8"
    /// A `\` that no rule covers, or half of a surrogate pair.
    case badEscape = "a bad escape"
    /// A number that no rule covers, or that does not fit.
    case badNumber = "a bad number"
    /// The same name twice in one object.
    case duplicateKey = "the same name twice"
    /// Deeper nesting than the limit.
    case tooDeep = "nesting that is too deep"
    /// More after the end of the value.
    case trailingBytes = "more after the end"
  }

  /// What is wrong.
  public var reason: Reason
  /// Where, in bytes from the start of the text.
  public var offset: Int

  /// Describes what is wrong and where.
  public init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The reason and the place, as one sentence.
  public var description: String {
    reason.rawValue.prefix(1).uppercased() + reason.rawValue.dropFirst() + " at byte \(offset)."
  }
}
