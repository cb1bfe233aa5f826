import FeedModel

extension DocumentGuard {
  /// How far into a document its root element is looked for behind other things.
  private static let searchBytes = 1 << 16

  /// Finds the start tag of the root element, passing over everything before it.
  mutating func findRoot(_ bytes: Span<UInt8>, from start: Int) throws(ParseError) -> Int {
    guard var index = firstNonSpace(bytes, from: start) else { throw .empty }
    if index > start, Bytes.hasPrefix("<?xml", in: bytes, at: index) {
      // Quirk: line feeds before the XML declaration. Seen: WordPress themes and plugins that end with a blank line. Fixture: quirks/leading-newlines.xml
      note(.leadingBytes, at: start, in: bytes, "white space before the XML declaration")
    }
    if bytes[index] != UInt8(ascii: "<") {
      guard let found = findBeginning(bytes, from: index) else {
        throw isPage(bytes, from: index) ? .htmlPage : .unrecognised
      }
      note(.leadingBytes, at: index, in: bytes, "text before the document")
      index = found
    }
    var isDeclaredPage = false
    var isDeclared = false
    while let opening = firstNonSpace(bytes, from: index) {
      guard bytes[opening] == UInt8(ascii: "<"), opening + 1 < bytes.count else {
        note(.leadingBytes, at: opening, in: bytes, "text before the root element")
        index = Bytes.find(UInt8(ascii: "<"), in: bytes, opening + 1..<bytes.count)
        continue
      }
      if Bytes.hasPrefix("<!--", in: bytes, at: opening) {
        index =
          Bytes.find("-->", in: bytes, opening + 4..<bytes.count).map { $0 + 3 } ?? bytes.count
      } else if Bytes.hasPrefix("<!DOCTYPE", in: bytes, at: opening) {
        isDeclaredPage = Bytes.hasPrefix("<!DOCTYPE html", in: bytes, at: opening)
        note(.doctype, at: opening, in: bytes, "cut out")
        index = scanDoctype(bytes, at: opening)
      } else if bytes[opening + 1] == UInt8(ascii: "?") {
        if Bytes.hasPrefix("<?xml ", in: bytes, at: opening) {
          // Quirk: there are two XML declarations. Seen: templates within templates. Fixture: quirks/two-declarations.xml
          if isDeclared { note(.malformedXML, at: opening, in: bytes, "a second XML declaration") }
          isDeclared = true
          // Quirk: the declaration ends as a tag does, `<?xml …>`. Seen: hand-written feeds. Fixture: quirks/declaration-without-mark.xml
          index = Bytes.find(UInt8(ascii: ">"), in: bytes, opening..<bytes.count) + 1
        } else {
          index = Bytes.find("?>", in: bytes, opening..<bytes.count).map { $0 + 2 } ?? bytes.count
        }
      } else if Self.startsName(bytes[opening + 1]) {
        if isRoot(bytes, at: opening) { return opening }
        if isPageRoot(bytes, at: opening) {
          guard let found = findInPage(bytes, from: opening) else { throw .htmlPage }
          note(.leadingBytes, at: opening, in: bytes, "a page around the document")
          return found
        }
        // Quirk: warnings of the server's programs stand before the feed. Seen: PHP with display_errors. Fixture: quirks/leading-php-warning.xml
        guard let found = findBeginning(bytes, from: opening) else {
          // HTML lets a page leave out the tags of html, head and body (HTML §13.1.2.4).
          throw isDeclaredPage ? .htmlPage : .notAFeed(root: rootName(bytes, at: opening))
        }
        note(.leadingBytes, at: opening, in: bytes, "markup before the document")
        index = found
      } else {
        index = Bytes.find(UInt8(ascii: ">"), in: bytes, opening..<bytes.count) + 1
      }
      if index >= bytes.count { break }
    }
    throw .unrecognised
  }

  /// Whether a start tag is one of the form that is looked for.
  private func isRoot(_ bytes: Span<UInt8>, at opening: Int) -> Bool {
    form.roots.contains(rootLocalName(bytes, at: opening))
  }

  private func isPageRoot(_ bytes: Span<UInt8>, at opening: Int) -> Bool {
    ["html", "head", "body"].contains(rootLocalName(bytes, at: opening))
  }

  private func rootLocalName(_ bytes: Span<UInt8>, at opening: Int) -> String {
    rootName(bytes, at: opening).split(separator: ":").last.map { $0.lowercased() } ?? ""
  }

  // Quirk: a page stands around the feed. Seen: site builders that put every answer into their frame. Fixture: quirks/page-around-feed.xml
  /// Where a feed begins within a page: at a tag that no page has, not in a comment or a script.
  private func findInPage(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard form.roots.contains("rss") else { return nil }
    let end = min(bytes.count, start + Self.searchBytes)
    var index = start
    while index < end {
      index = Bytes.find(UInt8(ascii: "<"), in: bytes, index + 1..<max(index + 1, end))
      if Bytes.hasPrefix("<!--", in: bytes, at: index) {
        guard let close = Bytes.find("-->", in: bytes, index..<end) else { return nil }
        index = close
      } else if Bytes.hasPrefix("<script", in: bytes, at: index) {
        guard let close = Bytes.find("</script", in: bytes, index..<end) else { return nil }
        index = close
      } else if Bytes.hasPrefix("<rss", in: bytes, at: index), index + 4 < end,
        Bytes.isSpace(bytes[index + 4])
      {
        return index
      } else if Bytes.hasPrefix("<rdf:RDF", in: bytes, at: index) {
        return index
      } else if Bytes.hasPrefix("<feed ", in: bytes, at: index) {
        let close = Bytes.find(UInt8(ascii: ">"), in: bytes, index..<end)
        if Bytes.find(" xmlns=", in: bytes, index..<close) != nil { return index }
      }
    }
    return nil
  }

  private func rootName(_ bytes: Span<UInt8>, at opening: Int) -> String {
    var name: [UInt8] = []
    var index = opening + 1
    while index < bytes.count, Self.continuesName(bytes[index]), name.count < 100 {
      name.append(bytes[index])
      index += 1
    }
    return String(decoding: name, as: UTF8.self)
  }

  private func firstNonSpace(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if !Bytes.isSpace(bytes[index]) { return index }
      index += 1
    }
    return nil
  }

  /// Where a document begins behind other things: at its declaration or at its root element.
  ///
  /// What it finds is one or the other by its whole name, so that a search never has to be taken
  /// up again in the part that it read.
  private func findBeginning(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    let end = min(bytes.count, start + Self.searchBytes)
    var index = start
    while index < end {
      index = Bytes.find(UInt8(ascii: "<"), in: bytes, index + 1..<max(index + 1, end))
      for word in form.beginnings where Bytes.hasPrefix(word, in: bytes, at: index) {
        let behind = index + word.utf8CodeUnitCount
        if behind < bytes.count, !Self.continuesName(bytes[behind]) { return index }
      }
    }
    return nil
  }

  private func isPage(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    let range = start..<min(bytes.count, start + Self.searchBytes)
    return Bytes.find("<html", in: bytes, range) != nil
      || Bytes.find("<!DOCTYPE html", in: bytes, range) != nil
  }
}
