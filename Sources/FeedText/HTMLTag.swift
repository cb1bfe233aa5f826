/// The elements that mean something to a reader.
///
/// The tags of all others are dropped and their text is kept, so this is also the list of what the
/// tree can hold. There is nothing here that switches the tokenizer (`script`, `textarea`), the
/// namespace (`svg`, `math`) or the insertion mode (`select`, `template`, `frameset`):
/// `HTMLGuard` takes those out before.
enum HTMLTag: String, CaseIterable, Sendable {
  case a, abbr, address, article, aside, audio
  case b, base, bdi, bdo, big, blockquote, br
  case caption, center, cite, code, col, colgroup
  case data, dd, del, details, dfn, dir, div, dl, dt
  case em
  case fieldset, figcaption, figure, font, footer
  case h1, h2, h3, h4, h5, h6, header, hgroup, hr
  case i, img, ins
  case kbd
  case legend, li, link
  case main, mark, menu
  case nav
  case ol
  case p, pre
  case q
  case rp, rt, ruby
  case s, samp, section, small, source, span, strike, strong, sub, summary, sup
  case table, tbody, td, tfoot, th, thead, time, tr, tt
  case u, ul
  case `var`, video
  case wbr

  /// The tag of a name in lower case; nil when it is none of these.
  init?(name: String) {
    guard let tag = Self.byName[name] else { return nil }
    self = tag
  }

  private static let byName: [String: HTMLTag] = {
    var table = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
    // Names that are read as another element: obsolete ones, and `dialog`, newer than gumbo.
    table["acronym"] = .abbr
    table["dialog"] = .div
    table["image"] = .img
    table["listing"] = .pre
    return table
  }()

  /// It has no content and no end tag (HTML §13.1.2).
  var isVoid: Bool {
    switch self {
    case .base, .br, .col, .hr, .img, .link, .source, .wbr: true
    default: false
    }
  }

  /// HTML §13.2.4.2, the formatting elements: they are opened again after a misnested end tag.
  var isFormatting: Bool {
    switch self {
    case .a, .b, .big, .code, .em, .font, .i, .s, .small, .strike, .strong, .tt, .u: true
    default: false
    }
  }

  /// `h1` to `h6`.
  var isHeading: Bool {
    switch self {
    case .h1, .h2, .h3, .h4, .h5, .h6: true
    default: false
    }
  }

  /// Its start tag ends an open paragraph (HTML §13.2.6.4.7).
  var closesParagraph: Bool {
    switch self {
    case .address, .article, .aside, .blockquote, .center, .details, .dir, .div, .dl,
      .fieldset, .figcaption, .figure, .footer, .header, .hgroup, .main, .menu, .nav, .ol, .p,
      .section, .summary, .ul, .pre, .li, .dd, .dt, .table, .hr:
      true
    default: isHeading
    }
  }

  /// HTML §13.2.4.2, the special elements: no end tag of an inline element reaches past them.
  var isSpecial: Bool {
    switch self {
    case .caption, .col, .colgroup, .tbody, .td, .tfoot, .th, .thead, .tr, .base, .br, .img,
      .link, .source, .wbr:
      true
    default: closesParagraph
    }
  }

  /// What is inside a table cell or a caption does not reach out of it.
  var isBarrier: Bool {
    switch self {
    case .table, .td, .th, .caption: true
    default: false
    }
  }
}
