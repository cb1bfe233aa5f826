/// What is done with new articles that are like something.
public struct Rule: Hashable, Sendable {
  /// What is done with an article.
  public enum Action: Hashable, Sendable {
    /// It is marked read.
    case markRead
    /// It is starred.
    case star
    /// It is given a tag.
    case tag(String)
    /// It is shown nowhere but where hidden articles are asked for.
    case hide
  }

  /// What it is done to; its feeds are looked up, its times are not.
  public var query: Query
  /// What is done, at least one thing.
  public var actions: [Action]
  /// It does nothing from then on.
  public var until: Timestamp?

  /// Describes a rule.
  public init(query: Query, actions: [Action], until: Timestamp? = nil) {
    self.query = query
    self.actions = actions
    self.until = until
  }

  /// Whether it still does anything.
  public func isActive(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }
}

// As it stands in a register: a line for each action, one for the end, and the query last.
extension Rule {
  /// The value of the register `rule`.
  public var text: String {
    (actions.map { "do \($0)" } + (until.map { ["until \($0)"] } ?? []) + ["if \(query)"])
      .joined(separator: "\n")
  }

  /// Reads the value of a register; nil for what only a newer version may understand.
  public init?(_ text: String) {
    actions = []
    query = .all
    var rest = Substring(text)
    while true {
      let word = rest.prefix { $0 != " " }
      let value = rest.dropFirst(word.count + 1)
      if word == "if" {
        // What cannot be read is no rule here, and stays one in the store.
        guard let query = try? Query(parsing: String(value)), !actions.isEmpty,
          // A name of a feed means something else on another day.
          query.leaves.allSatisfy({
            if case .feed(let name) = $0 { FeedID(name) != nil } else { true }
          })
        else { return nil }
        self.query = query
        return
      }
      let line = value.prefix { $0 != "\n" }
      guard line.count < value.count else { return nil }
      switch word {
      case "do":
        guard let action = Action(String(line)) else { return nil }
        actions.append(action)
      case "until":
        guard let moment = Timestamp(rfc3339: line) else { return nil }
        until = moment
      default: return nil
      }
      rest = value.dropFirst(line.count + 1)
    }
  }
}

extension Rule.Action: CustomStringConvertible {
  /// As `rill mark` calls it: `read`, `star`, `hide`, `tag:NAME`.
  public var description: String {
    switch self {
    case .markRead: "read"
    case .star: "star"
    case .hide: "hide"
    case .tag(let name): "tag:\(name)"
    }
  }

  /// Reads what `description` says; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "read": self = .markRead
    case "star": self = .star
    case "hide": self = .hide
    default:
      guard text.hasPrefix("tag:"), text.utf8.count > 4, !text.contains(where: \.isNewline)
      else { return nil }
      self = .tag(String(text.dropFirst(4)))
    }
  }

  /// The register of articles that it writes.
  public var register: String {
    switch self {
    case .markRead: "read"
    case .star: "star"
    case .hide: "hidden"
    case .tag(let name): "tag:\(name)"
    }
  }
}
