import FeedModel

/// What happens while an XML document is read.
///
/// The seam between libxml2 and the rest: nothing beyond it sees a pointer or a C type.
protocol XMLEvents: AnyObject {
  /// An element opens at a place of the document.
  ///
  /// `attributes` may be used during the call only.
  func startElement(_ name: XMLName, _ attributes: XMLAttributes, at offset: Int)
  /// The innermost element closes.
  func endElement()
  /// The text of the innermost element counts; otherwise it is passed over unread.
  var wantsText: Bool { get }
  /// A piece of text or of a CDATA section, with its references replaced.
  func text(_ bytes: Span<UInt8>)
  /// A piece of text that nobody else needs: the buffer may be taken for another one.
  func text(taking bytes: inout [UInt8])
  /// Something in a text was mended.
  func mended(_ kind: ParseIssue.Kind, at offset: Int, _ detail: String)
  /// The document is not well formed; reading goes on where that is possible.
  func malformed(_ message: String)
  /// A cap was reached; nothing more comes.
  func stop(_ limit: Limit)
  /// Nothing more is wanted.
  ///
  /// Asked after each `startElement`.
  var isDone: Bool { get }
}

extension XMLEvents {
  func text(taking bytes: inout [UInt8]) { text(bytes.span) }
}
