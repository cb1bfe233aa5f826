/// Where a link ends that only leads to the heading that it stands in.
///
/// - Parameters:
///   - events: A document.
///   - index: Where an element begins.
/// - Returns: The end of the link; nil where it is another link, or none.
func headingMarkEnd(_ events: [HTMLEvent], at index: Int) -> Int? {
  // Quirk: a heading ends with a link to itself, of one sign. Seen: themes of Eleventy, Hugo and MkDocs. Test: RenderTextTests, `#part`
  guard case .open(let link) = events[index], link.tag == .a,
    link["href"]?.contains("#") == true
  else { return nil }
  var text = ""
  var depth = 0
  for place in (index + 1)..<min(events.count, index + 8) {
    switch events[place] {
    case .text(let more): text += more
    case .open(let element):
      if element.tag == .img { return nil }
      depth += 1
    case .close:
      depth -= 1
      if depth < 0 {
        let sign = text.filter { !$0.isWhitespace }
        return ["#", "¶", "§", "🔗"].contains(sign) ? place : nil
      }
    }
  }
  return nil
}
