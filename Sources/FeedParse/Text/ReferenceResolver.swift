import FeedModel

/// Resolves the references of one document against their bases, within bounds.
///
/// A short reference becomes as long as its base. A base of 2 KB would turn a body of 8 MB into one
/// of more than a gigabyte, so what is resolved in one document is counted.
struct ReferenceResolver {
  private var spentBytes = 0
  /// The caps that were passed, each once.
  private(set) var passed: [Limit] = []

  /// Resolves a reference (RFC 3986 §5.2).
  ///
  /// - Parameters:
  ///   - reference: A relative or an absolute reference.
  ///   - base: What it is relative to.
  /// - Returns: The absolute URL; nil when there is none, or when a cap is passed.
  private mutating func url(_ reference: String, against base: WebURL) -> WebURL? {
    guard reference.utf8.count <= Limit.urlBytes.value else { return pass(.urlBytes) }
    // What it costs to look at both, also where the outcome is short. Paths are dear: they are
    // taken apart and put together again.
    spentBytes += reference.utf8.count + 4 * base.path.utf8.count + (base.host?.utf8.count ?? 0)
    guard spentBytes <= Limit.resolvedBytes.value else { return pass(.resolvedBytes) }
    return base.resolving(reference)
  }

  /// Resolves a reference; nil when there is no absolute URL, or when a cap is passed.
  mutating func text(_ reference: String, against base: WebURL) -> String? {
    guard let text = url(reference, against: base)?.text else { return nil }
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
    guard let url = outer.map({ url(text, against: $0) }) ?? WebURL(text) else { return nil }
    return url.text.utf8.count <= Limit.baseBytes.value ? url : pass(.baseBytes)
  }

  private mutating func pass<Value>(_ limit: Limit) -> Value? {
    if !passed.contains(limit) { passed.append(limit) }
    return nil
  }
}
