/// A web address as nearly all are written: `https://host/path` in plain letters, without port,
/// user, query, fragment, escapes or dots to resolve.
///
/// There is nothing in it to mend, so it is compared byte by byte; `WebURL` reads all others. Every
/// address of a sync comes through here several times.
package struct PlainLink {
  /// The host, in lower case.
  package let host: Range<Int>
  /// From the slash on, without the slash at its end; empty for the front page.
  package let path: Range<Int>

  /// Looks whether an address is one; nil when `WebURL` has to read it.
  package init?(_ bytes: Span<UInt8>) {
    guard let start = Self.hostStart(bytes) else { return nil }
    var index = start
    while index < bytes.count, hostBytes.span[Int(bytes[index])] { index += 1 }
    guard index > start, index == bytes.count || bytes[index] == slash else { return nil }
    host = start..<index
    var end = index
    while end < bytes.count {
      let byte = bytes[end]
      guard pathBytes.span[Int(byte)] else { return nil }
      end += 1
      // What begins with a full stop may be a step up, and two slashes may be one.
      if byte == slash, end < bytes.count, bytes[end] == slash || bytes[end] == dot { return nil }
    }
    if end > index, bytes[end - 1] == slash { end -= 1 }
    path = index..<end
  }

  /// Host and path as text.
  ///
  /// - Parameter address: What this was read from.
  /// - Returns: `host/path`, or the host alone.
  package func text(in address: String) -> String {
    let start = address.utf8.index(address.startIndex, offsetBy: host.lowerBound)
    let end = address.utf8.index(start, offsetBy: path.upperBound - host.lowerBound)
    return String(address[start..<end])
  }

  /// The part of the host that is part of the page; nil where a rule of `canonicalPage` may change
  /// more than `www.` and the like.
  func pageHost(in bytes: Span<UInt8>) -> Range<Int>? {
    var host = host
    if bytes[host.upperBound - 1] == dot { return nil }
    for label in hostLabels where has(label, at: host.lowerBound, in: bytes) {
      let rest = host.dropFirst(label.count)
      if rest.contains(where: { bytes[$0] == dot }) { host = rest }
    }
    for name in foldedHosts where host.count >= name.count {
      if has(name, at: host.upperBound - name.count, in: bytes) { return nil }
    }
    for index in host where bytes[index] == dot {
      if foldedLabels.contains(where: { has($0, at: index + 1, in: bytes) }) { return nil }
    }
    return hasFoldedPath(bytes) ? nil : host
  }

  /// The path may have the name of an AMP page or of an index file.
  private func hasFoldedPath(_ bytes: Span<UInt8>) -> Bool {
    guard !path.isEmpty else { return false }
    if has(ampPath, at: path.lowerBound, in: bytes) { return true }
    var last = path.upperBound
    while bytes[last - 1] != slash { last -= 1 }
    let count = path.upperBound - last
    for name in ampNames where count >= name.count {
      if has(name, at: path.upperBound - name.count, in: bytes) { return true }
    }
    guard (9...13).contains(count) else { return false }
    let first = bytes[last] | 0x20
    return first == UInt8(ascii: "i") || first == UInt8(ascii: "d")
  }

  private func has(_ text: [UInt8], at start: Int, in bytes: Span<UInt8>) -> Bool {
    guard start + text.count <= path.upperBound else { return false }
    for index in text.indices where bytes[start + index] != text[index] { return false }
    return true
  }

  private static func hostStart(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count > 8 else { return nil }
    for index in http.indices where bytes[index] != http[index] { return nil }
    let colon = bytes[4] == UInt8(ascii: "s") ? 5 : 4
    guard bytes[colon] == UInt8(ascii: ":"), bytes[colon + 1] == slash, bytes[colon + 2] == slash
    else { return nil }
    return colon + 3
  }
}

/// Ends of hosts that a rule folds, or that redirectors have.
private let foldedHosts = [
  "x.com", "reddit.com", "arxiv.org", "doi.org", "youtube.com", "youtu.be", "nocookie.com",
  "ampproject.org",
]
.map { Array($0.utf8) }

/// Beginnings of labels behind the first that a rule folds.
private let foldedLabels = ["blogspot", "m."].map { Array($0.utf8) }
private let http = Array("http".utf8)
private let ampPath = Array("/amp/".utf8)
private let ampNames = ["amp", "amp.html"].map { Array($0.utf8) }

/// Lower case letters, digits, full stops and hyphens.
private let hostBytes: [Bool] = (UInt8(0)...255)
  .map { byte in
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == dot || byte == 0x2D
  }

/// What stands in a path as it is and means nothing there.
private let pathBytes: [Bool] = (UInt8(0)...255)
  .map { byte in WebURL.isPlain(byte) && !"%?#;".utf8.contains(byte) }

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
