extension Query: CustomStringConvertible {
  /// The query as it may be typed; reading it gives the same query.
  ///
  /// Feeds that were looked up are written by their ids.
  public var description: String {
    switch self {
    case .text(let words): words.typed(mayBeField: false)
    case .title(let words): "title:" + words.typed(mayBeField: true)
    case .author(let words): "author:" + words.typed(mayBeField: true)
    case .url(let text): "url:" + typed(text)
    case .feed(let name): "feed:" + typed(name)
    case .feeds(let feeds):
      feeds.count == 1
        ? "feed:\(feeds[0])" : "(\(feeds.map { "feed:\($0)" }.joined(separator: " or ")))"
    case .tag(let name): "tag:" + typed(name)
    case .is(let state): "is:" + state.rawValue
    case .since(let time): "since:\(time)"
    case .before(let time): "before:\(time)"
    case .received(let time): "received:\(time)"
    case .not(let query): "-" + query.inside
    case .and(let parts): parts.map { $0.isOr ? "(\($0))" : "\($0)" }.joined(separator: " ")
    case .or(let parts): parts.map { "\($0)" }.joined(separator: " or ")
    }
  }

  private var isOr: Bool { if case .or = self { true } else { false } }

  /// In parentheses where it is not one thing.
  private var inside: String {
    switch self {
    case .and, .or, .not: "(\(self))"
    default: "\(self)"
    }
  }
}

extension QueryWords {
  fileprivate func typed(mayBeField: Bool) -> String {
    let isPlain = isPlainValue(text) && !text.hasSuffix("*")
    let isWord =
      isPlain
      && (mayBeField || (!text.hasPrefix("-") && !isOperator(text) && !looksLikeField(text)))
    return (isWord ? text : "\"\(text)\"") + (isPrefix ? "*" : "")
  }
}

private func typed(_ value: String) -> String { isPlainValue(value) ? value : "\"\(value)\"" }

/// It ends where a bare value ends.
private func isPlainValue(_ text: String) -> Bool {
  !text.isEmpty && !text.unicodeScalars.contains(where: QueryParser.endsWord)
}

private func isOperator(_ text: String) -> Bool { text.lowercased() == "or" }

private func looksLikeField(_ text: String) -> Bool {
  QueryParser.fieldName(text.unicodeScalars[...]) != nil
}
