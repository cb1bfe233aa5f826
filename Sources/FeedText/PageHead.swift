/// What a page says of itself in its head.
public struct PageHead: Hashable, Sendable {
  /// One `meta` element.
  public struct Note: Hashable, Sendable {
    /// Its `itemprop`, `property` or `name`, in lower case.
    public var name: String
    /// Its `content`.
    public var content: String
  }

  /// `link rel=canonical` as it is written, not resolved; nil when absent.
  public var canonical: String?
  /// Its `meta` elements in document order, those without a name or a content left out.
  public var notes: [Note]

  /// The content of the first note of a name; nil when there is none.
  public subscript(name: String) -> String? { notes.first { $0.name == name }?.content }

  /// Reads a page.
  ///
  /// Bodies are read too: some pages put such elements there.
  ///
  /// - Parameter bytes: The page; of a long one the first 2 MB are looked at.
  public init(page bytes: [UInt8]) {
    let scan = PageScan(bytes, bytesMax: 2 << 20)
    canonical =
      scan.tags.first { $0.name == "link" && $0["rel"]?.lowercased() == "canonical" }?["href"]
      .map { plainText(html: $0) }
    notes = scan.tags.filter { $0.name == "meta" }
      .compactMap { tag in
        guard let name = tag["itemprop"] ?? tag["property"] ?? tag["name"], !name.isEmpty,
          let content = tag["content"], !content.isEmpty
        else { return nil }
        return Note(name: name.lowercased(), content: plainText(html: content))
      }
  }
}
