import CGumbo

/// Reads an HTML text as a browser reads the content of `<body>`, whatever its faults.
///
/// Pure and total: any text gives a tree. Time and memory are bounded by the limits of `HTMLGuard`,
/// and nothing here recurses over the depth of the tree.
///
/// - Parameter html: A fragment or a whole document; of a document, the tags `html`, `head` and
///   `body` are ignored.
/// - Returns: The tree in document order.
func parseHTML(_ html: String) -> [HTMLEvent] {
  let bytes = HTMLGuard.guarded(html)
  guard bytes.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else {
    return bytes.isEmpty ? [] : [.text(String(decoding: bytes, as: UTF8.self))]
  }
  let tree = HTMLTree(bytes)
  return tree.events()
}

/// Owns one tree of gumbo.
///
/// Freed exactly once, when the value dies. Wraps `gumbo_parse_with_options`.
@safe private struct HTMLTree: ~Copyable {
  private let arena: ParseArena
  private let root: UnsafeMutablePointer<GumboNode>

  init(_ bytes: [UInt8]) {
    let arena = ParseArena()
    var options = unsafe GumboOptions(
      allocator: { context, size in
        guard let context = unsafe context else { return nil }
        return unsafe ParseArena.allocate(context, size)
      },
      deallocator: { _, _ in },
      userdata: arena.context,
      tab_stop: 8,
      stop_on_first_error: false,
      max_errors: 0,
      fragment_context: GUMBO_TAG_BODY,
      fragment_namespace: GUMBO_NAMESPACE_HTML
    )
    let root = unsafe bytes.withUnsafeBufferPointer { buffer in
      let text = unsafe UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
      // The tree holds decoded copies of all that is read below; its pointers into the text are
      // not followed once it is gone.
      let output = unsafe gumbo_parse_with_options(&options, text, buffer.count)
      return unsafe output?.pointee.root
    }
    guard let root = unsafe root else {
      preconditionFailure("The HTML parser returned no tree.")
    }
    self.arena = arena
    unsafe self.root = root
  }

  /// The tree below its root.
  func events() -> [HTMLEvent] {
    var events: [HTMLEvent] = []
    var stack: [Frame] = unsafe [Frame(node: root, tag: nil)]
    while let top = unsafe stack.last {
      let children = unsafe top.node.pointee.v.element.children
      guard unsafe top.next < Int(children.length) else {
        if let tag = unsafe top.tag { events.append(.close(tag)) }
        unsafe stack.removeLast()
        continue
      }
      unsafe stack[stack.count - 1].next += 1
      guard let child = unsafe children.data[top.next]?.assumingMemoryBound(to: GumboNode.self)
      else { continue }
      switch unsafe child.pointee.type {
      case GUMBO_NODE_ELEMENT:
        let element = unsafe Self.element(child.pointee.v.element)
        if let element { events.append(.open(element)) }
        unsafe stack.append(Frame(node: child, tag: element?.tag))
      case GUMBO_NODE_TEXT, GUMBO_NODE_WHITESPACE, GUMBO_NODE_CDATA:
        if let text = unsafe child.pointee.v.text.text {
          events.append(.text(unsafe String(cString: text)))
        }
      default: break
      }
    }
    return events
  }

  /// A node whose children are being walked; `tag` is nil for one that is passed over.
  @unsafe private struct Frame {
    let node: UnsafeMutablePointer<GumboNode>
    let tag: HTMLTag?
    var next = 0
  }

  private static func element(_ element: GumboElement) -> HTMLElement? {
    guard let tag = unsafe tag(element) else { return nil }
    var result = HTMLElement(tag: tag)
    for index in 0..<Int(unsafe element.attributes.length) {
      guard
        let attribute = unsafe element.attributes.data[index]?
          .assumingMemoryBound(to: GumboAttribute.self).pointee
      else { continue }
      let name = unsafe String(cString: attribute.name)
      result.attributes.append((name, unsafe String(cString: attribute.value)))
    }
    return result
  }

  private static func tag(_ element: GumboElement) -> HTMLTag? {
    let number = unsafe Int(element.tag.rawValue)
    return known.indices.contains(number) ? known[number] : nil
  }

  /// By gumbo's numbers: `gumbo_normalized_tagname`.
  private static let known: [HTMLTag?] = (0..<GUMBO_TAG_UNKNOWN.rawValue)
    .map { number in
      guard let name = unsafe gumbo_normalized_tagname(GumboTag(number)) else { return nil }
      return HTMLTag(rawValue: unsafe String(cString: name))
    }
}
