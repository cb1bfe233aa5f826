import FeedModel

/// An address as the rules of sites read it.
struct SiteAddress {
  /// The host without `www.`.
  let host: String
  /// The parts of the path between its slashes, as they are written; empty ones are left out.
  let path: [String]
  /// The parts of the query, as they are written.
  let query: [(name: String, value: String)]

  /// Reads an address; nil when it is none of the web.
  init?(_ url: WebURL) {
    guard url.isWeb, let host = url.host else { return nil }
    self.host = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
    path = url.path.split(separator: "/").map(String.init)
    query = (url.query ?? "").split(separator: "&")
      .map { part in
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
      }
  }

  /// A part of the path; nil where there is none.
  subscript(index: Int) -> String? { path.indices.contains(index) ? path[index] : nil }

  /// The value of a part of the query; nil where it is absent or empty.
  func value(_ name: String) -> String? {
    query.first { $0.name == name && !$0.value.isEmpty }?.value
  }

  /// The host is this one, or one below it.
  func isBelow(_ domain: String) -> Bool { host == domain || host.hasSuffix("." + domain) }

  /// The one label before a domain: `ann` of `ann.substack.com`; nil when there is none or more.
  func label(before domain: String) -> String? {
    guard host.hasSuffix("." + domain) else { return nil }
    let label = host.dropLast(domain.utf8.count + 1)
    return label.isEmpty || label.contains(".") || label == "www" ? nil : String(label)
  }
}

extension String {
  /// The name of somebody or something: letters, digits, and what is given.
  ///
  /// - Parameter others: Signs that may stand in it too.
  /// - Returns: True where it is one, and does not end as the name of a feed does.
  func isName(with others: String = "") -> Bool {
    let isMade = utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || others.utf8.contains(byte)
    }
    return isMade && !isEmpty
      && ![".rss", ".atom", ".xml", ".json", ".rdf"].contains(where: hasSuffix)
  }
}
