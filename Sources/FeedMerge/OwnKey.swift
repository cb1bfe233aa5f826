public import FeedModel

/// The key by which the item of a line would be known if it stood alone.
///
/// A line names all keys of the article that it was taken for. This one says which of them is of
/// its own item, and so to which part the line belongs when a person takes the article apart. Part
/// of the format: all machines must agree.
///
/// - Parameter article: What a line says.
/// - Returns: That of the guid, else of the link, else of the text, as far as the line has it. An
///   item whose body was dropped has no text any more, and then what the line was recognised by
///   says whether its key stands last or first.
public func ownKey(of article: Article) -> ArticleID {
  guard article.keys.count > 1, let last = article.keys.last else { return article.id }
  let item = article.item
  let keyMaker = KeyMaker(feed: article.feed)
  if let key = item.guid.map({ keyMaker.key(.guid, $0) }), article.keys.contains(key) { return key }
  if let link = item.url.flatMap(canonicalLink) {
    let key = keyMaker.key(.link, link)
    if article.keys.contains(key) { return key }
  }
  let text = keyMaker.textKey(
    title: normalisedTitle(item.title),
    published: item.published,
    article.textFingerprint
  )
  if article.keys.contains(text) { return text }
  return article.rule == .text ? last : article.id
}
