import FeedModel

/// Where an address stands decides which schemes it may have.
enum URLPlace {
  /// What a person follows: http, https, mailto.
  case link
  /// A picture: http, https, and pictures written into the address itself.
  case image
  /// Sound and film: http, https.
  case media
}

/// Makes an address absolute, and refuses what must not be followed or loaded.
///
/// - Parameters:
///   - reference: The value of an attribute with its character references decoded.
///   - base: What relative references are resolved against; nil leaves them unresolved.
///   - place: Where the address stands.
/// - Returns: An absolute address of printable ASCII; nil when it is relative without a base, cannot
///   be read, or has a scheme that does not belong there.
func safeURL(_ reference: String, base: WebURL?, in place: URLPlace) -> String? {
  let mended = mendingSlashes(reference)
  guard let url = WebURL(mended) ?? base?.resolving(mended) else { return nil }
  switch (url.scheme, place) {
  case ("http", _), ("https", _): return url.isWeb ? url.text : nil
  case ("mailto", .link): return url.path.isEmpty ? nil : url.text
  case ("data", .image): return isPicture(url.path) ? url.text : nil
  default: return nil
  }
}

/// Browsers read a backslash as a slash before the query, so that is what it has to be here
/// (WHATWG URL §4.4).
private func mendingSlashes(_ reference: String) -> String {
  guard reference.utf8.contains(UInt8(ascii: "\\")) else { return reference }
  let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
  return String(reference[..<end].map { $0 == "\\" ? "/" : $0 }) + reference[end...]
}

/// The part of a `data:` address after the scheme is a picture that holds no script.
private func isPicture(_ path: String) -> Bool {
  let type = path.prefix { $0 != ";" && $0 != "," }.lowercased()
  return ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(type)
}
