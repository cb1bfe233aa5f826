/// Leaves out of a tree what a reader of its text does not see.
///
/// Hidden elements go with their content; so does what stands in for sound and film where they
/// cannot be played, after their address was taken from it.
func shownEvents(_ events: [HTMLEvent]) -> [HTMLEvent] {
  var shown: [HTMLEvent] = []
  shown.reserveCapacity(events.count)
  /// How many elements are open inside the one that is left out.
  var hiddenDepth = 0
  /// Where the sound or film stands whose content is left out.
  var media: Int?
  for event in events {
    switch event {
    case .open(let element):
      if hiddenDepth > 0 {
        hiddenDepth += 1
        if element.tag == .source, let media { adopt(element, into: &shown[media]) }
      } else if isHidden(element) {
        hiddenDepth = 1
      } else {
        shown.append(event)
        if element.tag == .audio || element.tag == .video {
          media = shown.count - 1
          hiddenDepth = 1
        }
      }
    case .text: if hiddenDepth == 0 { shown.append(event) }
    case .close(let tag):
      guard hiddenDepth > 0 else {
        shown.append(event)
        continue
      }
      hiddenDepth -= 1
      if hiddenDepth == 0 {
        if media != nil { shown.append(.close(tag)) }
        media = nil
      }
    }
  }
  return shown
}

/// Gives sound or film without an address that of its first source.
private func adopt(_ source: HTMLElement, into event: inout HTMLEvent) {
  guard case .open(var media) = event, media["src"] == nil, let address = source["src"] else {
    return
  }
  media.attributes.append(("src", address))
  event = .open(media)
}

private func isHidden(_ element: HTMLElement) -> Bool {
  switch element.tag {
  // `rp` holds the brackets for those who cannot draw `rt` above the line: we write our own.
  case .base, .link, .source, .rp: return true
  case .img: if isPixel(element) { return true }
  default: break
  }
  if element["hidden"] != nil { return true }
  guard let style = element["style"] else { return false }
  return String(style.filter { !$0.isWhitespace }).lowercased().contains("display:none")
}

/// A picture of one pixel or less, put there to count who looks.
func isPixel(_ image: HTMLElement) -> Bool {
  for name in ["width", "height"] {
    guard let value = image[name], let pixels = Int(value.prefix { $0.isASCII && $0.isNumber })
    else { continue }
    if pixels <= 1, !value.contains("%") { return true }
  }
  return false
}
