import FeedModel
import FeedSync

/// What a person means by what was typed in place of an address.
enum TypedAddress {
  /// The absolute path of a file.
  case file(String)
  /// An address of the web, with its scheme.
  case web(String)
  /// A host, perhaps with a port and a path, but without a scheme.
  case bare(String)

  /// Reads what was typed, or says why it cannot be followed.
  init(_ typed: String) throws {
    // A file that is there wins; what looks like a path is one.
    if typed.hasPrefix("/") || typed.hasPrefix("./") || typed.hasPrefix("../") || fileExists(typed)
    {
      self = .file(absolute(typed))
      return
    }
    let words = Self.withoutFeedScheme(typed)
    if WebURL(words)?.userinfo?.isEmpty == false {
      throw Failure(
        .usage,
        "The address holds a user name or a password, which Rill does not keep. "
          + "Nothing was added. Leave them out if the feed can be read without."
      )
    }
    if let url = feedAddress(words) {
      self = .web(url)
    } else if let url = Self.profile(words).flatMap(feedAddress) {
      self = .web(url)
    } else if let url = Self.name(words).flatMap({ feedAddress("https://" + $0) }) {
      self = .bare(String(url.dropFirst("https://".count)))
    } else {
      throw Failure(
        .usage,
        "\(typed) is neither a web address nor a file. "
          + "Write it like https://example.org/feed.xml."
      )
    }
  }

  /// What it is followed by where it is not asked.
  var url: String {
    switch self {
    case .file(let path): path
    case .web(let url): url
    case .bare(let name): "https://" + name
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
    guard !words.contains("://"), !words.contains("@") || words.contains("/") else { return nil }
    let host = words.prefix { !"/?#:".contains($0) }
    guard host.contains(".") || host == "localhost", !host.contains("@") else { return nil }
    let rest = words.dropFirst(host.count)
    // `mailto:x` and `ftp:x` have another scheme, and no port.
    if rest.first == ":", rest.dropFirst().first?.isNumber != true { return nil }
    return words
  }
}
