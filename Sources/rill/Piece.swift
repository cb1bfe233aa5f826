import FeedModel
import FeedText

/// A part of a line in one style.
struct Piece {
  /// SGR parameters (ECMA-48 §8.3.117).
  struct Style: Hashable {
    var parameters: [String]

    static let bold = Style(parameters: ["1"])
    static let dim = Style(parameters: ["2"])
    static let red = Style(parameters: ["31"])
    static let green = Style(parameters: ["32"])
    static let yellow = Style(parameters: ["33"])
    static let cyan = Style(parameters: ["36"])

    /// What begins it.
    var opening: String { "\u{1B}[\(parameters.joined(separator: ";"))m" }
  }

  var text: String
  var style: Style?
  /// Where it leads, on a terminal that can.
  var link: String?

  init(_ text: String, _ style: Style? = nil, link: String? = nil) {
    self.text = text
    self.style = style
    self.link = link
  }

  /// A stretch of an article.
  init(_ run: TextRun) {
    text = run.text
    link = run.link
    var parameters: [String] = []
    if run.style.contains(.heading) || run.style.contains(.strong) { parameters += ["1"] }
    if run.style.contains(.faint) { parameters += ["2"] }
    if run.style.contains(.emphasis) { parameters += ["4"] }
    if run.style.contains(.code) { parameters += ["36"] }
    style = parameters.isEmpty ? nil : Style(parameters: parameters)
  }
}

/// An address that may stand in a hyperlink of a terminal: http or https, every byte printable
/// ASCII; nil when it cannot be one.
///
/// What is no printable ASCII is percent-encoded: nothing in the address can end the sequence that
/// it stands in.
func hyperlink(_ address: String) -> String? {
  let scheme = address.prefix(8).lowercased()
  guard scheme.hasPrefix("http://") || scheme == "https://", address.utf8.count <= 2048 else {
    return nil
  }
  return percentEncoded(address) { _ in true }
}
