/// What another reader, or Rill itself, wrote down.
public enum ReaderFormat: String, Hashable, Sendable, CaseIterable {
  /// What `rill export state` prints.
  case state
  /// OPML 1.0, 1.1 or 2.0, of any reader.
  case opml
  /// Addresses of feeds, one a line, perhaps with tags: newsboat's `urls`.
  case urls
  /// newsboat's `cache.db`: feeds, articles, and which were read.
  case newsboat
  /// Guids or links of read articles, one a line: `newsboat -E`, and sfeed's `urls`.
  case read
  /// sfeed's `sfeedrc`.
  case sfeedrc
  /// Articles as JSON: of Google Reader's takeout, of FreshRSS and of what speaks like them.
  case greader
}
