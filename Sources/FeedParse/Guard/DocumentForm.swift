/// The kind of document that is looked for.
struct DocumentForm {
  /// The local names of its root elements, in lower case.
  let roots: Set<String>
  /// How it begins where it stands behind other things.
  let beginnings: [StaticString]
  /// How deep its elements may nest.
  let depth: Limit
  /// It has items, which are never in one another, and neither are their parts.
  let hasItems: Bool

  /// A feed: RSS of any version, Atom, or CDF.
  static let feed = DocumentForm(
    roots: ["rss", "rdf", "feed", "channel", "entry"],
    beginnings: ["<?xml", "<rss", "<rdf:RDF", "<feed"],
    depth: .depth,
    hasItems: true
  )

  /// A list of subscriptions: OPML, and OML.
  ///
  /// Outlines that are never closed nest as deep as there are outlines.
  static let subscriptions = DocumentForm(
    roots: ["opml", "oml"],
    beginnings: ["<?xml", "<opml", "<oml"],
    depth: .openOutlines,
    hasItems: false
  )
}
