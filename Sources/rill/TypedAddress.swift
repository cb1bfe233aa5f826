import FeedModel
import FeedSync

/// What a person means by what was typed in place of an address.
struct TypedAddress {
  /// What it names.
  enum Kind {
    /// A file.
    case file
    /// A place of the web, with its scheme.
    case web
    /// A host, perhaps with a port and a path, but without a scheme.
    case bare
  }

  /// What it names.
  let kind: Kind
  /// The absolute path, or an address of the web; `https` where no scheme was typed.
  let url: String
  /// The user and the password that stood in it; nil when there were none.
  var credentials: Credentials?

  /// Reads what was typed, or says why it cannot be followed.
  init(_ typed: String) throws {
    // A file that is there wins; what looks like a path is one.
    if typed.hasPrefix("/") || typed.hasPrefix("./") || typed.hasPrefix("../") || fileExists(typed)
    {
      (kind, url) = (.file, absolute(typed))
      return
    }
    let plain = PlainAddress(Self.withoutFeedScheme(typed))
    let words = plain.address
    credentials = plain.credentials
    if let url = feedAddress(words) ?? Self.profile(words).flatMap(feedAddress) {
      (kind, self.url) = (.web, url)
    } else if let url = Self.name(words).flatMap({ feedAddress("https://" + $0) }) {
      (kind, self.url) = (.bare, url)
    } else {
      throw Failure(
        .usage,
        "\(Self.withoutPassword(typed)) is neither a web address nor a file. "
          + "Write it like https://example.org/feed.xml."
      )
    }
  }

  /// `feed:https://x` and `feed://x`, as browsers hand them over, stand for an address of the web.
  private static func withoutFeedScheme(_ words: String) -> String {
    guard words.prefix(5).lowercased() == "feed:" else { return words }
    let rest = String(words.dropFirst(5))
    return rest.hasPrefix("//") ? "https:" + rest : rest
  }

  /// `@ann@example.social` is how people write their profile there.
  private static func profile(_ words: String) -> String? {
    guard words.hasPrefix("@") else { return nil }
    let parts = words.dropFirst().split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].contains("."), !parts[1].contains("/") else { return nil }
    return "https://\(parts[1])/@\(parts[0])"
  }

  /// A bare host is taken for a site; nothing else is guessed.
  private static func name(_ words: String) -> String? {
    guard !words.contains("://") else { return nil }
    let host = words.prefix { !"/?#:".contains($0) }
    guard host.contains(".") || host == "localhost", !host.contains("@") else { return nil }
    let rest = words.dropFirst(host.count)
    // `mailto:x` and `ftp:x` have another scheme, and no port.
    if rest.first == ":", rest.dropFirst().first?.isNumber != true { return nil }
    return words
  }

  /// What was typed may hold a password where nobody looks for one.
  private static func withoutPassword(_ typed: String) -> String {
    guard let at = typed.lastIndex(of: "@"), typed[..<at].contains(":") else { return typed }
    return "***" + typed[at...]
  }
}
