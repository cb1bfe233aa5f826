import FeedModel

extension DocumentGuard {
  /// Passes over a start tag, mending its attributes and opening its element.
  ///
  /// - Returns: Where the text behind it begins; nil when the document ends within it, or is ended
  ///   there by a cap.
  mutating func scanStartTag(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    let nameEnd = Self.endOfName(bytes, from: start + 1, before: bytes.count)
    guard nameEnd < bytes.count else { return nil }
    let name = start + 1..<nameEnd
    switch bytes[nameEnd] {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "<"): break
    default:
      // An address in pointed brackets or the like.
      passLessThan(bytes, start..<nameEnd)
      return nameEnd
    }
    elements += 1
    guard elements <= Limit.elements.value else {
      stop(.elements, at: start, in: bytes)
      return nil
    }
    let role = form.hasItems ? Self.role(of: name, in: bytes) : .other
    if role != .other { closeForgotten(before: role, bytes, at: start) }
    guard let (end, isEmpty) = scanAttributes(bytes, tag: start, from: nameEnd) else { return nil }
    guard open.count < form.depth.value else {
      stop(form.depth, at: start, in: bytes)
      return nil
    }
    noteTag(at: start)
    if isEmpty { return end }
    if isVoid(name, bytes), !Self.endTagFollows(name, bytes, at: end) {
      // Quirk: HTML stands unescaped in a description, `<br>` and all. Seen: hand-written RSS. Fixture: quirks/inline-html.xml
      replace(end..<end, with: Self.endTag(name, bytes), in: bytes)
      return end
    }
    open.append(OpenElement(name: name, role: role))
    return end
  }

  /// Passes over an end tag, so that it closes the innermost open element.
  ///
  /// An end tag of an outer element closes the inner ones first; one that closes nothing is left
  /// out.
  mutating func scanEndTag(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    let nameEnd = Self.endOfName(bytes, from: start + 2, before: bytes.count)
    let name = start + 2..<nameEnd
    var end = nameEnd
    while end < bytes.count, Bytes.isSpace(bytes[end]) { end += 1 }
    guard end < bytes.count else { return nil }
    let isWhole = bytes[end] == UInt8(ascii: ">")
    if isWhole {
      end += 1
    } else {
      note(.malformedXML, at: start, in: bytes, "an end tag without its end")
      // The next tag first: looking for a `>` beyond it would read the whole document each time.
      let next = Bytes.find(UInt8(ascii: "<"), in: bytes, end..<bytes.count)
      let close = Bytes.find(UInt8(ascii: ">"), in: bytes, end..<next)
      guard close < bytes.count else { return nil }
      end = close < next ? close + 1 : next
    }
    if let top = open.last, Self.areSame(top.name, name, bytes) {
      if !isWhole { replace(nameEnd..<end, with: ">".utf8, in: bytes) }
      open.removeLast()
      return end
    }
    let place = openElement(named: name, bytes)
    if comparedBytes > Limit.comparedBytes.value {
      stop(.comparedBytes, at: start, in: bytes)
      return nil
    }
    guard let place else {
      note(.malformedXML, at: start, in: bytes, "an end tag that closes nothing")
      cut(start..<end, in: bytes)
      return end
    }
    if place < open.count - 1 {
      note(.malformedXML, at: start, in: bytes, "an element that is never closed")
    }
    replace(start..<end, with: endTags(from: place, bytes), in: bytes)
    open.removeSubrange(place...)
    return end
  }

  /// The innermost open element of a name, letter case aside only if there is none otherwise.
  private mutating func openElement(named name: Range<Int>, _ bytes: Span<UInt8>) -> Int? {
    // Long names that are nearly the same make each comparison dear.
    comparedBytes += open.count + 2 * name.count * open.count { $0.name.count == name.count }
    return open.lastIndex { Self.areSame($0.name, name, bytes) }
      ?? open.lastIndex { Self.areSame($0.name, name, bytes, ignoringCase: true) }
  }

  /// Closes what must have been forgotten to close before an item or a part of one begins.
  private mutating func closeForgotten(before role: Role, _ bytes: Span<UInt8>, at start: Int) {
    // Quirk: the end tag of an item or of a part of one is missing. Seen: hand-written RSS. Fixture: quirks/unclosed-title.xml
    let openPart = open.last?.role == .part ? open.count - 1 : nil
    // An element that is no part of an item may well hold an `item` of its own.
    let lastOther = open.lastIndex { $0.role == .other } ?? -1
    let openItem = open.lastIndex { $0.role == .item }.flatMap { $0 > lastOther ? $0 : nil }
    let place: Int?
    switch role {
    case .item: place = openItem ?? openPart
    case .part: place = openPart
    case .other: place = nil
    }
    guard let place else { return }
    note(.malformedXML, at: start, in: bytes, "an element that is never closed")
    replace(start..<start, with: endTags(from: place, bytes), in: bytes)
    open.removeSubrange(place...)
  }

  /// The end tags of the open elements from a place on, innermost first.
  private func endTags(from place: Int, _ bytes: Span<UInt8>) -> [UInt8] {
    open[place...].reversed().flatMap { Self.endTag($0.name, bytes) }
  }

  private static func endTag(_ name: Range<Int>, _ bytes: Span<UInt8>) -> [UInt8] {
    var tag = Array("</".utf8)
    tag.append(bytes, name)
    tag.append(UInt8(ascii: ">"))
    return tag
  }

  private static func areSame(
    _ left: Range<Int>,
    _ right: Range<Int>,
    _ bytes: Span<UInt8>,
    ignoringCase: Bool = false
  ) -> Bool {
    guard left.count == right.count else { return false }
    for offset in 0..<left.count {
      let first = bytes[left.lowerBound + offset]
      let second = bytes[right.lowerBound + offset]
      if first == second { continue }
      guard ignoringCase, Bytes.isLetter(first), first | 0x20 == second | 0x20 else { return false }
    }
    return true
  }

  private static func endTagFollows(
    _ name: Range<Int>,
    _ bytes: Span<UInt8>,
    at index: Int
  ) -> Bool {
    var index = index
    while index < bytes.count, Bytes.isSpace(bytes[index]) { index += 1 }
    let end = index + 2 + name.count
    return end < bytes.count && bytes[index] == UInt8(ascii: "<")
      && bytes[index + 1] == UInt8(ascii: "/") && areSame(name, index + 2..<end, bytes)
  }

  /// Elements of HTML that have no end tag (HTML §13.1.2), those that feeds do not use themselves.
  private func isVoid(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard open.count > 1 else { return false }
    let start = name.lowerBound
    switch name.count {
    case 2:
      return Bytes.hasPrefix("br", in: bytes, at: start)
        || Bytes.hasPrefix("hr", in: bytes, at: start)
    case 3:
      return Bytes.hasPrefix("img", in: bytes, at: start)
        || Bytes.hasPrefix("wbr", in: bytes, at: start)
    default: return false
    }
  }

  /// What a name says, letter case aside.
  private static func role(of name: Range<Int>, in bytes: Span<UInt8>) -> Role {
    func isNamed(_ word: StaticString) -> Bool {
      Bytes.hasPrefix(word, in: bytes, at: name.lowerBound)
    }
    switch name.count {
    case 2: return isNamed("id") ? .part : .other
    case 4: return isNamed("item") ? .item : isNamed("link") || isNamed("guid") ? .part : .other
    case 5: return isNamed("entry") ? .item : isNamed("title") ? .part : .other
    case 7:
      return isNamed("pubDate") || isNamed("updated") || isNamed("summary") || isNamed("dc:date")
        ? .part : .other
    case 8: return isNamed("category") || isNamed("comments") ? .part : .other
    case 9: return isNamed("published") ? .part : .other
    case 10: return isNamed("dc:creator") ? .part : .other
    case 11: return isNamed("description") ? .part : .other
    case 15: return isNamed("content:encoded") ? .part : .other
    default: return .other
    }
  }
}
