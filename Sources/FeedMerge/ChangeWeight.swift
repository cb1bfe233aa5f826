import FeedModel

/// How much two revisions of an item differ for a reader.
enum ChangeWeight: Int, Comparable {
  /// In white space, typography, or what no reader sees.
  case unseen
  /// In counters alone: how many comments there are, or how long ago it was.
  case ticking
  /// In markup or where links lead: worth keeping, for a link may work now, and not worth saying.
  case minor
  /// In what it says.
  case real

  static func < (left: ChangeWeight, right: ChangeWeight) -> Bool { left.rawValue < right.rawValue }
}

/// Weighs what changed in an item.
///
/// Pure. In doubt it is real: one digit in a sentence or in a title is a correction.
///
/// - Parameters:
///   - old: The earlier revision.
///   - new: The later one.
/// - Returns: The greatest weight of any of the differences.
func changeWeight(from old: FeedItem, to new: FeedItem) -> ChangeWeight {
  var weight = ChangeWeight.unseen
  func add(_ other: ChangeWeight) { weight = max(weight, other) }
  if old.title != new.title { add(titleWeight(old.title, new.title)) }
  let names = { (item: FeedItem) in item.authors.map { $0.name ?? $0.url } }
  if names(old) != names(new) { add(.real) }
  if old.tags != new.tags { add(Set(old.tags) == Set(new.tags) ? .minor : .real) }
  let files = { (item: FeedItem) in item.attachments.map { fileName(of: $0.url) } }
  if files(old) != files(new) { return .real }
  if old.attachments.map(\.url) != new.attachments.map(\.url) { add(.minor) }
  if old.externalURL != new.externalURL {
    add(
      old.externalURL.flatMap(canonicalPage) == new.externalURL.flatMap(canonicalPage)
        ? .minor : .real
    )
  }
  if old.url.flatMap(canonicalLink) ?? old.url != new.url.flatMap(canonicalLink) ?? new.url {
    add(.minor)
  }
  guard weight < .real else { return weight }
  if old.summary != new.summary {
    add(
      textWeight(
        VisibleText(old.summary ?? "", isHTML: false),
        VisibleText(new.summary ?? "", isHTML: false)
      )
    )
  }
  if (old.contentHTML, old.contentText) != (new.contentHTML, new.contentText) {
    add(textWeight(body(old), body(new)))
  }
  return weight
}

private func body(_ item: FeedItem) -> VisibleText {
  if let html = item.contentHTML { return VisibleText(html, isHTML: true) }
  return VisibleText(item.contentText ?? "", isHTML: false)
}

private func titleWeight(_ old: String?, _ new: String?) -> ChangeWeight {
  let (before, after) = (
    VisibleText(old ?? "", isHTML: false), VisibleText(new ?? "", isHTML: false)
  )
  if before.letters == after.letters { return .unseen }
  let titles = [before, after].map { Counters(title: Array($0.blocks.joined(separator: [0x20]))) }
  return titles[0].blocks == titles[1].blocks ? .ticking : .real
}

private func textWeight(_ old: VisibleText, _ new: VisibleText) -> ChangeWeight {
  if old.pictures != new.pictures { return .real }
  if old.letters == new.letters {
    return old.skeleton == new.skeleton ? .unseen : .minor
  }
  guard Counters(old.blocks).blocks == Counters(new.blocks).blocks else { return .real }
  return old.skeleton == new.skeleton ? .ticking : .minor
}

private func fileName(of address: String) -> Substring {
  let path = address.prefix { $0 != "?" }
  return path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path
}
