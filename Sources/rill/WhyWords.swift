import FeedIndex
import FeedModel
import FeedSync
import FeedText

/// What one line of the store did, in words for a person.
struct WhyWords {
  let event: ExplainedEvent
  let subject: Explanation.Subject
  let sources: [ArticleID: KeySource]
  /// The rules that there are.
  let rules: Set<ArticleID>

  /// One sentence: who did what.
  var head: String {
    let who = event.device.words
    return switch event.deed {
    case .revision(let revision): who + " " + deed(revision)
    case .write(let write):
      (isAutomatic(write) ? "a sync on \(who)" : who) + " " + deed(write) + "."
    case .notUnderstood(let name):
      "\(who) wrote \"\(name)\" about it, which only a newer Rill understands. It has no effect "
        + "here."
    }
  }

  /// What there is to know beside that, each a sentence or more.
  var details: [String] {
    var details: [String] = []
    switch event.deed {
    case .revision(let revision): details += self.details(revision)
    case .write(let write): details += self.details(write)
    case .notUnderstood: break
    }
    if event.isByHand { details.append("The line has no checksum: it was written by hand.") }
    if let other = event.takenOverBy {
      details.append(
        "\(other.words) keeps this line, which it took over from \(event.device.id)."
      )
    }
    if event.isClaim {
      details.append(
        "The line says that this machine wrote it. That is not believed: it stands among those of "
          + "\(event.device.words)."
      )
    }
    return details
  }

  /// A sync writes it, and no person.
  private func isAutomatic(_ write: ExplainedWrite) -> Bool {
    guard case .feed = subject, write.act == nil else { return false }
    return write.register.hasPrefix("source.")
      || ["move.from", "move.into"].contains(write.register)
      || write.register == "url" && write.before != nil
  }
}

extension ExplainedDevice {
  /// Its name, with its id where that alone tells it from others.
  var words: String {
    // What an import brings has no device.
    if id == "imported" { return "an import" }
    guard let name, name != id else { return "device \(id)" }
    return isNamedLikeAnother
      ? "\(capped(terminalSafe(name))) (\(id))" : capped(terminalSafe(name))
  }
}

extension RegisterValue {
  /// What a person reads.
  var words: String {
    switch self {
    case .none: "nothing"
    case .bool(let flag): flag ? "yes" : "no"
    case .integer(let number): String(number)
    case .string(let text): quoting(text)
    }
  }
}

// Articles.
extension WhyWords {
  private func deed(_ revision: ExplainedRevision) -> String {
    let feed = revision.feedRow?.title ?? revision.feed.description
    let what =
      if revision.isFirst {
        "fetched it from \(feed)"
      } else if revision.rule == .new {
        "fetched it too, from \(feed)"
      } else if revision.isChanged, revision.isMinor {
        "fetched it again, with a small change, from \(feed)"
      } else if revision.isChanged {
        "fetched it again, changed, from \(feed)"
      } else {
        "met it again in \(feed)"
      }
    guard revision.rule == .new, let row = revision.feedRow else { return what + "." }
    return what + " <\(row.url)>."
  }

  private func details(_ revision: ExplainedRevision) -> [String] {
    var details = [rule(revision)]
    if let other = revision.other {
      details.append("It was taken apart from this article since, and belongs to \(other).")
    }
    details += revision.newKeys.map { key in
      let start = revision.isFirst ? "Known by" : "Known from now on also by"
      return "\(start) \(made(of: key)): key \(key)."
    }
    if let returned = revision.returnsTo {
      details.append("It says again what it said at \(shown(returned)).")
    }
    details += revision.changes.map(words)
    if !revision.isFirst {
      if revision.isChanged, revision.changes.isEmpty {
        details.append(
          revision.isPurged
            ? "Its text was dropped when it was purged."
            : "What changed cannot be said: the text before was dropped."
        )
      } else if revision.isChanged, revision.isMinor {
        details.append("It does not count as changed, for it says the same.")
      } else if revision.isChanged {
        details.append("It stays read or unread as it was: an edit changes no marks.")
      } else {
        details.append("What a reader sees is the same.")
      }
    } else if revision.isPurged {
      details.append("Its text was dropped when it was purged.")
    }
    return details
  }

  private func made(of key: ArticleID) -> String {
    switch sources[key] {
    case let source? where source.kind == .guid: "its guid \(quoting(source.value))"
    case let source? where source.kind == .link:
      // The scheme is no part of the key, and by it an address is known that may hold a secret.
      "its link \(quoting(String(redacted("https://" + (source.value ?? "")).dropFirst(8))))"
    case .some: "its title, date and text"
    case nil: "what no line here says any more"
    }
  }

  /// The rule that made it new or joined it, with what spoke for it.
  private func rule(_ revision: ExplainedRevision) -> String {
    let since = revision.earlier.map { " as in the line of \(shown($0))" } ?? ""
    let rule =
      switch revision.rule {
      case .new where revision.isFirst:
        "New: no article of the feed was known by its guid, its link or its text."
      case .new where revision.isApart:
        "New there: it has no key of the lines before. A later line shows that both are one."
      case .new:
        "New there: \(revision.earlierDevice.map { $0.words + "'s" } ?? "the other") line had not "
          + "arrived yet. Both are one article, for they share \(shared(revision))."
      case .guid:
        "The same article by its guid\(since)\(value(revision, .guid).map { ": \($0)" } ?? "")."
      case .link:
        "The same article by its link\(since)\(value(revision, .link).map { ": \($0)" } ?? "")"
          + (revision.hasNewGuid ? ", for its old guid has left the document." : ".")
      case .text:
        "The same article by its \(words(revision))\(since), for its old guid and link have left the "
          + "document."
      case .migration:
        "The same article by its \(words(revision))\(since): many items of the document lost their "
          + "guids at once, and each of them fits one known article."
      }
    return [rule, evidence(revision)].compactMap(\.self).joined(separator: " ")
  }

  /// Which of title, text and date are the same or nearly.
  private func words(_ revision: ExplainedRevision) -> String {
    let kinds: [MatchEvidence.Kind] = [.title, .text, .date]
    let names =
      kinds.filter { kind in
        switch revision.evidence?.fact(kind)?.comparison {
        case .same, .alike: true
        default: false
        }
      }
      .map(\.rawValue)
    guard let last = names.last else { return "title and text" }
    return names.count == 1
      ? last : names.dropLast().joined(separator: ", ") + " and " + last
  }

  private func shared(_ revision: ExplainedRevision) -> String {
    let keys = revision.keys.filter { !revision.newKeys.contains($0) }
    let names = Set(keys.map { made(of: $0) }).sorted()
    return names.isEmpty ? "a key" : names.joined(separator: " and ")
  }

  private func value(_ revision: ExplainedRevision, _ kind: MatchEvidence.Kind) -> String? {
    revision.evidence?.fact(kind)?.later.map { quoting($0) }
  }

  /// What else is the same and what is not, where a rule weighed that.
  private func evidence(_ revision: ExplainedRevision) -> String? {
    guard revision.rule != .new, let evidence = revision.evidence else { return nil }
    var parts: [String] = []
    if let guid = evidence.fact(.guid), revision.rule != .guid || !evidence.isSame(.guid) {
      switch guid.comparison {
      case .scheme:
        parts.append("The guid differs by http and https alone: \(quoting(guid.later)).")
      case .alike:
        parts.append("The guid was spelt \(quoting(guid.earlier)) and is \(quoting(guid.later)).")
      case .different, .host:
        parts.append("The guid was \(quoting(guid.earlier)) and is \(quoting(guid.later)).")
      case .came: parts.append("It had no guid, and has \(quoting(guid.later)).")
      case .left: parts.append("It had the guid \(quoting(guid.earlier)), and has none.")
      case .same, .absent, .unknown: break
      }
    }
    guard revision.rule != .guid else { return nil }
    let kinds: [MatchEvidence.Kind] = [.title, .text, .date]
    let same = kinds.filter { evidence.isSame($0) }.map(\.rawValue)
    if !same.isEmpty {
      parts.append("The same in both: \(same.joined(separator: ", ")).")
    }
    if let text = evidence.fact(.text), let percent = text.percent {
      parts.append("The texts are alike: \(percent)% of them is in both.")
    }
    switch evidence.fact(.link)?.comparison {
    case .alike: parts.append("The links lead to one page, spelt in two ways.")
    case .host: parts.append("The links differ by their hosts alone.")
    default: break
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private func words(_ change: ContentChange) -> String {
    let name =
      switch change.part {
      case .title: "Title"
      case .link: "Link"
      case .externalLink: "Link to what it talks about"
      case .date: "Date"
      case .text: "Text"
      case .summary: "Summary"
      case .authors: "Authors"
      case .tags: "Publisher's tags"
      case .attachments: "Attached files"
      }
    switch change.part {
    case .text, .summary:
      if change.addedWords == 0, change.removedWords == 0 {
        return "\(name): the same \(counted(change.words, "word")), with other markup."
      }
      return "\(name): \(counted(change.addedWords, "word")) more, \(change.removedWords) fewer; "
        + "\(change.words) now."
    case .title, .link, .externalLink, .date, .authors, .tags, .attachments:
      return "\(name): \(change.before.map(quoting) ?? "none") became "
        + "\(change.after.map(quoting) ?? "none")."
    }
  }
}

extension ExplainedRevision {
  /// It had another guid before, or has none any more.
  fileprivate var hasNewGuid: Bool {
    switch evidence?.fact(.guid)?.comparison {
    case .scheme, .alike, .host, .different, .left: true
    case .same, .came, .absent, .unknown, nil: false
    }
  }
}

// Marks and settings.
extension WhyWords {
  private func deed(_ write: ExplainedWrite) -> String {
    let isFeed = if case .feed = subject { true } else { false }
    var words = isFeed ? setting(write) : mark(write)
    if let rule = write.rule { words += " by rule \(rule.description.prefix(6))" }
    if let undoes = write.undoes {
      words +=
        write.isRedo ? ", doing again what \(undoes.short) undid" : ", undoing \(undoes.short)"
    }
    if !isFeed, write.count > 1 {
      let others = counted(write.count - 1, "other")
      words += write.count >= 1000 ? ", with at least \(others)" : ", with \(others)"
    }
    return words
  }

  private func mark(_ write: ExplainedWrite) -> String {
    switch (write.register, write.value) {
    case ("read", .bool(true)): "marked it read"
    case ("read", _): "marked it unread"
    case ("star", .bool(true)): "starred it"
    case ("star", _): "took its star"
    case ("part", .string(let name)):
      "took it apart: \(list(write.keys)) \(write.keys.count == 1 ? "is" : "are") of article "
        + "\(name.isEmpty ? "its own" : name)"
    case ("part", _): "put together again what was taken apart as \(list(write.keys))"
    case ("join", .string(let other)): "joined \(list(write.keys)) with \(other)"
    case ("join", _): "took \(list(write.keys)) apart from what it was joined with"
    case ("story", .string(let name)):
      name == write.keys.first?.description
        ? "said that it is in no story but its own" : "said that it is in the story of \(name)"
    case ("story", _): "took back what was said of its story"
    case ("gone", .bool(true)): "purged it (rill gc)"
    case ("gone", _): "brought it back"
    case ("rule", .string): "added this rule (rill rules list)"
    case ("rule", _): "removed this rule"
    case ("hidden", .bool(true)): "hid it"
    case ("hidden", _): "showed it again"
    case (let name, .bool(true)) where name.hasPrefix("tag:"): "tagged it \(name.dropFirst(4))"
    case (let name, _) where name.hasPrefix("tag:"): "took its tag \(name.dropFirst(4))"
    default:
      if let rule = ruleNoted(in: write.register)?.prefix(6) {
        if case .string = write.value {
          "noted that rule \(rule) did so"
        } else {
          "took back that rule \(rule) acted on it"
        }
      } else {
        "set \(write.register) to \(write.value.words)"
      }
    }
  }

  private func list(_ keys: [ArticleID]) -> String {
    "key\(keys.count == 1 ? "" : "s") \(keys.map(\.description).joined(separator: ", "))"
  }

  private func setting(_ write: ExplainedWrite) -> String {
    let value = write.value.words
    let isAutomatic = isAutomatic(write)
    return switch (write.register, write.value) {
    case ("sub", .bool(true)): "followed it"
    case ("sub", _): "stopped following it"
    case ("url", _) where write.before == nil: "gave it the address \(value)"
    case ("url", _) where isAutomatic:
      "moved it to \(value), for its server had redirected there for good"
    case ("url", _): "changed its address to \(value)"
    case ("move.from", _): "noted where it was before the redirect: \(value)"
    case ("move.into", _): "noted into which feed it went: \(value)"
    case ("move.refused", _): "noted where it is not to be redirected: \(value)"
    case ("fetch.led", _): "noted that the address was not typed"
    case ("source.title", _): "learned that its publisher calls it \(value)"
    case ("source.site", _): "learned that its site is \(value)"
    case ("title", .none): "took back its own title"
    case ("title", _): "called it \(value)"
    case (let name, .bool(true)) where name.hasPrefix("tag:"): "tagged it \(name.dropFirst(4))"
    case (let name, _) where name.hasPrefix("tag:"): "took its tag \(name.dropFirst(4))"
    default: "set \(write.register) to \(value)"
    }
  }

  private func details(_ write: ExplainedWrite) -> [String] {
    var sentences: [String] = []
    if write.holds {
      sentences.append("This holds.")
    } else if let act = write.act, let undo = write.undoneBy {
      sentences.append("\(act.short) was undone by \(undo.short).")
    } else if let at = write.beatenAt, let device = write.beatenBy {
      sentences.append("What \(device.words) wrote at \(shown(at)) holds instead.")
    }
    if let act = write.act {
      if write.holds, write.undoneBy == nil {
        sentences.append("To take it back: rill undo \(act.short)")
      }
    } else if let rule = write.rule, write.undoes == nil {
      let end = "rill rules remove \(rule.description.prefix(6)) --undo"
      sentences.append(
        "It is in no act: a sync did it, at the time of the rule, so that what was said since holds. "
          + (rules.contains(rule)
            ? "To end the rule and take back what it did: \(end)"
            : "The rule was removed. To take back what it did, undo that (rill undo --list), then: "
              + end)
      )
    } else if case .article = subject {
      sentences.append(
        "It is in no act: "
          + (write.register == "read" && write.value == .bool(true)
            ? "a sync that met its page where it had been read in other feeds, a repair"
            : "a repair")
          + ", or a Rill from before there was undo."
      )
    }
    return [sentences.joined(separator: " ")]
  }
}

/// A text of a publisher's, filtered and not longer than a person wants to read.
private func quoting(_ text: String?) -> String {
  guard let text else { return "none" }
  let safe = terminalSafe(text)
  // Addresses are copied, and are whole.
  return safe.contains("://") ? "<\(capped(safe))>" : "\"\(fitted(safe, toCells: 200))\""
}
