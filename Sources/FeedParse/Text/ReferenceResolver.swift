import FeedModel

/// Resolves the references of one document against their bases, within bounds.
///
/// A short reference becomes as long as its base. A base of 2 KB would turn a body of 8 MB into one
/// of more than a gigabyte, so what is resolved in one document is counted.
struct ReferenceResolver {
  private var spentBytes = 0
  /// What was resolved against last: the references of an article come together.
  private var recent: ReferenceBase?
  /// The caps that were passed, each once.
  private(set) var passed: [Limit] = []

  /// Counts what it costs to look at a reference and a base, also where the outcome is short.
  private mutating func isWithinLimits(_ reference: String, against base: WebURL) -> Bool {
    guard reference.utf8.count <= Limit.urlBytes.value else { return pass(.urlBytes) }
    // Paths are dear: they are taken apart and put together again.
    spentBytes += reference.utf8.count + 2 * base.path.utf8.count
    return spentBytes <= Limit.resolvedBytes.value || pass(.resolvedBytes)
  }

  /// Resolves a reference; nil when there is no absolute URL, or when a cap is passed.
  mutating func text(_ reference: String, against base: WebURL) -> String? {
    guard isWithinLimits(reference, against: base) else { return nil }
    if recent?.url != base { recent = ReferenceBase(base) }
    guard let text = recent?.text(reference) else { return nil }
    // A fragment alone brings all of its base with it, query and all.
    spentBytes += text.utf8.count
    return text.utf8.count <= Limit.urlBytes.value ? text : pass(.urlBytes)
  }

  /// Reads a URL that others are resolved against; nil when it is none, or too long.
  ///
  /// - Parameters:
  ///   - text: The URL, or a reference to it.
  ///   - outer: What it is relative to; nil when it has to be absolute.
  /// - Returns: The URL, as a base.
  mutating func base(_ text: String?, within outer: WebURL? = nil) -> WebURL? {
    guard let text else { return nil }
    guard text.utf8.count <= Limit.baseBytes.value else { return pass(.baseBytes) }
    guard outer.map({ isWithinLimits(text, against: $0) }) ?? true,
      let url = outer.map({ $0.resolving(text) }) ?? WebURL(text)
    else { return nil }
    return url.text.utf8.count <= Limit.baseBytes.value ? url : pass(.baseBytes)
  }

  private mutating func pass<Value>(_ limit: Limit) -> Value? {
    _ = pass(limit) as Bool
    return nil
  }

  /// Notes that a cap is passed; false.
  private mutating func pass(_ limit: Limit) -> Bool {
    if !passed.contains(limit) { passed.append(limit) }
    return false
  }
}
