/// One step of a walk through an HTML tree, in document order.
///
/// Opens and closes are balanced, whatever the text was.
enum HTMLEvent: Equatable, Sendable {
  /// An element begins; a void element is closed by the next event.
  case open(HTMLElement)
  /// Text with its character references decoded.
  case text(String)
  /// The innermost open element ends.
  case close(HTMLTag)
}

/// An element with its attributes.
struct HTMLElement: Equatable, Sendable {
  /// What it is.
  var tag: HTMLTag
  /// Names in lower case, each once, in the order in which they were written.
  var attributes: [(name: String, value: String)] = []

  /// The value of an attribute; nil when it is absent.
  subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }

  static func == (left: HTMLElement, right: HTMLElement) -> Bool {
    left.tag == right.tag && left.attributes.elementsEqual(right.attributes, by: ==)
  }
}
