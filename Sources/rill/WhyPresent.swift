import FeedIndex
import FeedModel
import FeedSync
import FeedText

extension Explanation {
  /// What holds now, a few sentences.
  var presentWords: [String] {
    switch subject {
    case .article(let keys): articleWords(keys)
    case .feed: feedWords
    }
  }

  private func articleWords(_ keys: [ArticleID]) -> [String] {
    guard let present else { return [] }
    var sentences: [String] = []
    if present.received == nil {
      sentences.append("The article is not here. Its marks wait for it.")
    }
    let marks = present.marks
    if marks.isGone == true {
      sentences.append("Purged: nothing lists it, and it does not come back as new.")
    }
    if marks.isHidden == true {
      sentences.append("Hidden: only is:hidden lists it.")
    }
    sentences.append(readWords(marks.isRead == true))
    sentences.append(marks.isStarred == true ? "Starred." : "Not starred.")
    if let tags = marks.tags, !tags.isEmpty {
      sentences.append("Tags: \(tags.joined(separator: ", ")).")
    }
    if present.received != nil {
      if let feed, !feed.isSubscribed {
        sentences.append("Not listed, for \(feed.title) is no longer followed.")
      }
      sentences.append(present.revisions == 1 ? "One revision." : "\(present.revisions) revisions.")
      switch present.text {
      case .here: sentences.append("Its text is here.")
      case .dropped: sentences.append("Its text was dropped.")
      case .missing: sentences.append("No line of it can be read now.")
      }
    }
    if !present.copies.isEmpty {
      let copies = present.copies.map {
        "\($0.feedTitle) (\($0.id), \($0.isRead ? "read" : "unread"))"
      }
      sentences.append(
        "One story with what leads to its page in \(copies.joined(separator: ", "))."
      )
    }
    if keys.count > 1 { sentences.append("It is known by \(keys.count) keys.") }
    if !present.unexplained.isEmpty {
      let names = present.unexplained.joined(separator: ", ")
      sentences.append(
        "No line here says so of \(names): a file is away or damaged. See: rill doctor"
      )
    }
    return sentences
  }

  /// Which machine has which id, for all that were named.
  var deviceWords: String? {
    let devices = Set(
      events.flatMap { event in [event.device, event.takenOverBy].compactMap(\.self) }
    )
    let named = devices.filter { $0.name != nil && $0.name != $0.id && !$0.isNamedLikeAnother }
    guard !named.isEmpty else { return nil }
    let list = named.map { "\($0.words) is \($0.id)\($0.isOwn ? ", this machine" : "")" }
    return list.sorted().joined(separator: "; ") + "."
  }

  /// Whether it is read, and since when.
  private func readWords(_ isRead: Bool) -> String {
    let last = events.last { event in
      guard case .write(let write) = event.deed else { return false }
      return write.register == "read" && write.holds
    }
    guard let last, case .write(let write) = last.deed else {
      return isRead ? "Read." : "Unread: it was never marked read."
    }
    let since = "\(shown(last.at)), by \(last.device.words)"
    if isRead { return "Read since \(since)." }
    let undone = write.undoes.map { ", who undid \($0.short)" } ?? ""
    return "Unread since \(since)\(undone)."
  }

  private var feedWords: [String] {
    guard let feed else { return ["Nothing is known of it but this."] }
    var sentences = [feed.isSubscribed ? "Followed." : "Not followed."]
    sentences.append("Its address is <\(feed.url)>.")
    if !feed.tags.isEmpty { sentences.append("Tags: \(feed.tags.joined(separator: ", ")).") }
    sentences.append("\(counted(feed.total, "article")), \(feed.unread) unread.")
    sentences.append("What its server answered: rill log \(feed.id.description.prefix(6))")
    return sentences
  }

  /// Why this and another article are two, or that nobody can say.
  func whyApart(from other: Explanation) -> [String] {
    if let feed, let otherFeed = other.feed, feed.id != otherFeed.id {
      return ["They come from two feeds, \(otherFeed.title) and \(feed.title): such are never one."]
    }
    guard let evidence = evidence(beside: other) else {
      return ["One of them is not here, so they cannot be compared."]
    }
    let names = { (kinds: [MatchEvidence.Kind]) in kinds.map(\.rawValue).joined(separator: ", ") }
    let same = MatchEvidence.Kind.allCases.filter { evidence.isSame($0) }
    let apart = evidence.facts.filter { fact in
      switch fact.comparison {
      case .different, .scheme, .alike, .host: true
      case .same, .left, .came, .absent, .unknown: false
      }
    }
    var sentences: [String] = []
    for fact in apart where fact.earlier != nil {
      sentences.append(
        "\(fact.kind == .guid ? "Guids" : "\(fact.kind.rawValue.capitalizedFirst)s") differ: "
          + "\(quotedFact(fact.earlier)) and \(quotedFact(fact.later))."
      )
    }
    if let text = apart.first(where: { $0.kind == .text }) {
      sentences.append(text.percent.map { "Texts are alike by \($0)%." } ?? "Texts differ.")
    }
    sentences.append(same.isEmpty ? "Nothing is the same." : "The same: \(names(same)).")
    sentences.append(
      "Two items become one by the same guid; by the same page, where the old guid has left the "
        + "document and date, title or text agree; or by nearly the same title, text and date, "
        + "where the old guid and link have left it. Where that is not sure both are kept."
    )
    return sentences
  }

  private func quotedFact(_ text: String?) -> String {
    text.map { "\"\(fitted(terminalSafe($0), toCells: 200))\"" } ?? "none"
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
