import FeedModel

/// Where a connection goes instead, and how this proves itself there.
///
/// User and password are taken out of the URL: libcurl shows the URL in its messages.
struct Proxy: Hashable, Sendable {
  /// Scheme, host and port; empty for none.
  var address: String
  var credentials: Credentials?

  /// Takes the URL of a proxy apart: `http://user:password@host:port`, or a part of it.
  init(_ text: String) {
    let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
    guard let at = text.lastIndex(of: "@"), at >= start else {
      address = text
      return
    }
    address = String(text[..<start] + text[text.index(after: at)...])
    credentials = Credentials(userinfo: String(text[start..<at]))
  }
}
