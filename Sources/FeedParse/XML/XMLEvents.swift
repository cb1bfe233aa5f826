/// What happens while an XML document is read.
///
/// The seam between libxml2 and the rest: nothing beyond it sees a pointer or a C type.
protocol XMLEvents: AnyObject {
  /// An element opens. `attributes` may be used during the call only.
  func startElement(_ name: XMLName, _ attributes: XMLAttributes, line: Int)
  /// The innermost element closes.
  func endElement()
  /// A piece of text or of a CDATA section, with its references replaced.
  func text(_ bytes: Span<UInt8>)
  /// The document is not well formed here; reading goes on where that is possible.
  func malformed(line: Int, _ message: String)
  /// A cap was reached; nothing more comes.
  func stop(_ limit: Limit)
  /// Nothing more is wanted.
  ///
  /// Asked after each `startElement`.
  var isDone: Bool { get }
}

/// A name as a document uses it; each stands once for a document and is known by its parts.
final class XMLName {
  /// Which vocabulary it belongs to.
  let namespace: XMLNamespace
  /// What it is there; `.other` for names that mean nothing to us.
  let element: ElementName
  /// The name without its prefix, as it was written.
  let local: String
  /// The prefix, as it was written; nil when there is none.
  let prefix: String?
  /// The name with its prefix, as it was written.
  let qualified: String

  init(namespace: XMLNamespace, element: ElementName, local: String, prefix: String? = nil) {
    self.namespace = namespace
    self.element = element
    self.local = local
    self.prefix = prefix
    qualified = prefix.map { $0.isEmpty ? local : $0 + ":" + local } ?? local
  }
}
