/// How a stretch of an article is drawn.
public struct TextStyle: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// Takes bits over.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `strong`, `b`, the term of a list of terms.
  public static let strong = TextStyle(rawValue: 1)
  /// `em`, `i`, `cite`, `u`.
  public static let emphasis = TextStyle(rawValue: 2)
  /// `code`, `kbd`, `pre`.
  public static let code = TextStyle(rawValue: 4)
  /// Of our own making: the number of a link, the mark of a quote.
  public static let faint = TextStyle(rawValue: 8)
  /// A heading.
  public static let heading = TextStyle(rawValue: 16)
}

/// A stretch of a line in one style.
public struct TextRun: Hashable, Sendable {
  /// Filtered as by `terminalSafe`.
  public var text: String
  /// How it is drawn.
  public var style: TextStyle
  /// Where it leads: http, https or mailto, absolute; nil for most text.
  public var link: String?

  /// Puts a run together.
  public init(_ text: String, style: TextStyle = [], link: String? = nil) {
    self.text = text
    self.style = style
    self.link = link
  }
}
