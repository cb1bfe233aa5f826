/// Rewrites HTML so that it can be shown in a browser without harm.
///
/// What comes out is written from the tree, from a list of what is allowed: no script, style,
/// frame, form, event handler, identifier or class but those of highlighted code; addresses are
/// absolute, http, https, mailto or pictures; links open apart and tell nothing about where they
/// were; pictures of one pixel are left out.
/// Idempotent: the result is a fixed point of reading and writing it, so that a browser that reads
/// it finds the tree that was checked.
///
/// - Parameters:
///   - html: A fragment or a document, however hostile.
///   - baseURL: What relative addresses are resolved against; without it they are left out.
/// - Returns: A fragment for `<body>`.
public func sanitisedHTML(_ html: String, baseURL: String?) -> String {
  /// Most texts are settled at once, misnested ones in the second round.
  let roundsMax = 6
  var resolver = AddressResolver(baseURL: baseURL)
  var text = sanitisedOnce(html, resolver: &resolver)
  for _ in 1..<roundsMax {
    let next = sanitisedOnce(text, resolver: &resolver)
    if next.utf8.elementsEqual(text.utf8) { return text }
    text = next
  }
  // Whatever does not settle is not worth its markup.
  let plain = String(plainText(html: text).unicodeScalars.prefix(1 << 20))
  var writer = HTMLWriter()
  writer.text(plain)
  return writer.html
}

/// Writes plain text as HTML that can be shown in a browser without harm.
///
/// - Parameter plain: Text as JSON Feed `content_text` carries it; nothing in it is markup.
/// - Returns: Paragraphs where there were blank lines, and line breaks where there were others.
public func sanitisedHTML(plain: String) -> String {
  var writer = HTMLWriter()
  var isOpen = false
  for line in plain.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
    if line.allSatisfy(\.isWhitespace) {
      if isOpen { writer.close(.p) }
      isOpen = false
      continue
    }
    if isOpen {
      writer.open(.br, [])
    } else {
      writer.open(.p, [])
    }
    isOpen = true
    writer.text(String(line))
  }
  if isOpen { writer.close(.p) }
  return writer.html
}

private func sanitisedOnce(_ html: String, resolver: inout AddressResolver) -> String {
  var writer = HTMLWriter()
  /// How many films and sounds are open: a `source` belongs into one of them only.
  var mediaDepth = 0
  for event in parseHTML(html) {
    switch event {
    case .text(let text): writer.text(text)
    case .open(let element):
      if element.tag == .audio || element.tag == .video { mediaDepth += 1 }
      guard element.tag != .source || mediaDepth > 0,
        let attributes = allowedAttributes(of: element, resolver: &resolver)
      else { continue }
      writer.open(element.tag, attributes)
    case .close(let tag):
      if tag == .audio || tag == .video { mediaDepth -= 1 }
      if !tag.isVoid, !isLeftOut(tag) { writer.close(tag) }
    }
  }
  return writer.html
}

/// Elements whose tags are left out and whose content stays.
private func isLeftOut(_ tag: HTMLTag) -> Bool {
  switch tag {
  case .base, .link, .fieldset, .legend, .font: true
  default: false
  }
}

/// What stays of the attributes of an element; nil when its tag goes.
private func allowedAttributes(
  of element: HTMLElement,
  resolver: inout AddressResolver
) -> [(name: String, value: String)]? {
  if isLeftOut(element.tag) { return nil }
  var kept: [(name: String, value: String)] = []
  for attribute in element.attributes {
    guard let rule = AttributeRule(attribute.name, on: element.tag),
      let value = rule.apply(to: attribute.value, resolver: &resolver)
    else { continue }
    kept.append((attribute.name, value))
  }
  switch element.tag {
  case .a where kept.contains { $0.name == "href" }:
    kept.append(("target", "_blank"))
    kept.append(("rel", "noopener noreferrer nofollow"))
  case .img:
    guard kept.contains(where: { $0.name == "src" }), !isPixel(element) else { return nil }
    kept.append(("loading", "lazy"))
    kept.append(("referrerpolicy", "no-referrer"))
  case .source where !kept.contains { $0.name == "src" }: return nil
  case .audio, .video:
    kept.append(("controls", ""))
    kept.append(("preload", "none"))
  default: break
  }
  return kept
}
