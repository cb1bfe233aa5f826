import FeedModel

/// A link to another place in the same text that belongs to its notes.
enum NoteLink: Equatable {
  /// From the text to a note, with the number or sign that it shows.
  case reference(String)
  /// From a note back into the text, as an arrow: for a page that can jump.
  case back
}

/// Finds the links of a text that lead to its notes, and back.
///
/// - Parameters:
///   - events: The whole tree.
///   - baseURL: The text's own page: feeds write the addresses of notes with it.
/// - Returns: What each is, and the place of its end, by the place of its beginning.
func noteLinks(_ events: [HTMLEvent], baseURL: String?) -> [Int: (link: NoteLink, end: Int)] {
  var found: [Int: (link: NoteLink, end: Int)] = [:]
  let page = baseURL.flatMap { WebURL($0) }?.withoutFragment.text
  var names: Set<String>?
  var index = 0
  while index < events.count {
    defer { index += 1 }
    guard case .open(let element) = events[index], element.tag == .a,
      let reference = element["href"], let fragment = fragment(reference, page: page),
      let (text, end) = shortText(events, after: index)
    else { continue }
    let known = names ?? targets(events)
    names = known
    guard known.contains(fragment) || known.contains(percentDecoded(fragment)) else { continue }
    if isArrow(text) {
      found[index] = (.back, end)
    } else if let label = noteLabel(text) {
      found[index] = (.reference(label), end)
    }
    index = end
  }
  return found
}

/// What follows `#`, where the rest is the page itself.
private func fragment(_ reference: String, page: String?) -> String? {
  guard let mark = reference.firstIndex(of: "#") else { return nil }
  let fragment = String(reference[reference.index(after: mark)...])
  if fragment.isEmpty { return nil }
  if mark == reference.startIndex { return fragment }
  guard let page, WebURL(String(reference[..<mark]))?.text == page else { return nil }
  return fragment
}

/// All names of places in a text.
private func targets(_ events: [HTMLEvent]) -> Set<String> {
  var names: Set<String> = []
  for case .open(let element) in events {
    if let name = element["id"] { names.insert(name) }
    if element.tag == .a, let name = element["name"] { names.insert(name) }
  }
  return names
}

/// The text of a link, and the place of its end; nil when it is long or holds blocks.
private func shortText(_ events: [HTMLEvent], after start: Int) -> (String, Int)? {
  var text = ""
  for index in (start + 1)..<min(events.count, start + 12) {
    switch events[index] {
    case .text(let piece):
      text += piece
      if text.utf8.count > 24 { return nil }
    case .open(let element): if element.tag.isSpecial { return nil }
    case .close(.a): return (text.filter { !$0.isWhitespace }, index)
    case .close: break
    }
  }
  return nil
}

private func isArrow(_ text: String) -> Bool {
  let arrows: Set<Unicode.Scalar> = ["↩", "↑", "⤴", "↵", "⏎", "⬆", "^", "\u{FE0E}", "\u{FE0F}"]
  return !text.isEmpty && text.unicodeScalars.allSatisfy(arrows.contains)
}

/// `1` of `1`, `[1]` and `(1)`; a sign such as `*` as well.
private func noteLabel(_ text: String) -> String? {
  let bare = text.drop { "[(^".contains($0) }.prefix { !"])".contains($0) }
  let isNumber = !bare.isEmpty && bare.utf8.count <= 4 && bare.allSatisfy(\.isNumber)
  let isSign = !bare.isEmpty && bare.count <= 3 && bare.allSatisfy { "*†‡§¶".contains($0) }
  return isNumber || isSign ? String(bare) : nil
}
