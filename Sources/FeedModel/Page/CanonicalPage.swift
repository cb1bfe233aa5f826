/// The strong canonical form of a web address: what two addresses of one page have in common.
///
/// Pure, and without asking anybody. It is evidence, for stories and for the ladder of the merge, and
/// goes into no key, so a rule may be added; Documentation/Pages.md lists the rules with their
/// sources. The form is no address: it has no scheme.
///
/// - Parameter address: An absolute URL.
/// - Returns: The form; nil for what is no web address, and for the front page of a site, which is
///   the page of no article.
public func canonicalPage(_ address: String) -> String? {
  guard var url = WebURL(address) else { return nil }
  // A redirector may lead to another one; whoever made more than that up has no page.
  for _ in 0..<3 {
    guard let target = redirectTarget(url) else { break }
    url = target
  }
  guard url.isWeb, let host = url.host else { return nil }
  var page = PageAddress(url, host: host)
  page.foldHost()
  page.foldPath()
  page.foldQuery()
  page.foldFragment()
  return page.text
}

/// A hash of `canonicalPage`, FNV-1a with 64 bits; nil where that is nil.
public func pageHash(_ address: String) -> UInt64? {
  canonicalPage(address).map { fnv1a($0.utf8) }
}

/// The hash of a page in writing: 13 characters of lower-case base32, as ids are written.
public func storyName(ofPage hash: UInt64) -> String {
  let digits = stride(from: UInt64(60), through: 0, by: -5)
    .map { shift in
      let value = UInt8(truncatingIfNeeded: hash >> shift & 31)
      return value < 26 ? value + 0x61 : value + 0x18
    }
  return String(decoding: digits, as: UTF8.self)
}

/// 32 bits that titles which are compared as equal have in common; nil for a title without a letter
/// or digit.
public func titleHash(_ title: String?) -> UInt32? {
  normalisedTitle(title).map { UInt32(truncatingIfNeeded: fnv1a($0.utf8)) }
}

private func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return hash
}

/// A web address on its way to its strong canonical form.
private struct PageAddress {
  var host: Substring
  var port: Int?
  var path: String
  var query: [Substring]
  var fragment: String?

  init(_ url: WebURL, host: String) {
    self.host = Substring(host)
    port = url.port
    path = url.path
    query = url.query?.split(separator: "&") ?? []
    fragment = url.fragment
  }

  /// Nil for the front page of a site.
  var text: String? {
    guard !path.isEmpty || !query.isEmpty || fragment != nil else { return nil }
    var text = String(host)
    if let port { text += ":\(port)" }
    text += path
    if !query.isEmpty { text += "?" + query.joined(separator: "&") }
    if let fragment { text += "#" + fragment }
    return text
  }

  mutating func foldHost() {
    if host.hasSuffix(".") { host.removeLast() }
    // Sites for small screens, and the copies that AMP pages had on a host of their own.
    for label in ["www.", "m.", "mobile.", "amp."] where host.hasPrefix(label) {
      let rest = host.dropFirst(label.utf8.count)
      guard rest.contains(".") else { continue }
      host = rest
    }
    if let other = pageHosts[String(host)] { host = Substring(other) }
    // Wikipedia and its sisters: en.m.wikipedia.org.
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count == 4, labels[1] == "m", wikis.contains(String(labels[2])) {
      host = Substring("\(labels[0]).\(labels[2]).\(labels[3])")
    }
    // Blogger sends its readers to the domain of their country.
    if let mark = labels.lastIndex(of: "blogspot"), mark > 0, labels.count - mark <= 3 {
      host = Substring(labels[..<mark].joined(separator: ".") + ".blogspot.com")
    }
    foldVideo()
  }

  /// One video of YouTube has an address for each way of showing it.
  private mutating func foldVideo() {
    var video: Substring?
    if host == "youtu.be" {
      video = path.dropFirst().split(separator: "/").first
    } else if host == "youtube.com" {
      let parts = path.split(separator: "/")
      if parts.count == 2, ["shorts", "embed", "live", "v"].contains(parts[0]) { video = parts[1] }
      if parts == ["watch"] {
        video = query.first { $0.hasPrefix("v=") }.map { $0.dropFirst(2) }
      }
    }
    guard let video else { return }
    (host, path, query) = ("youtube.com", "/watch", ["v=\(video)"])
  }

  mutating func foldPath() {
    var segments = unreserved(path).split(separator: "/").map { withoutSession($0) }
    // The names of AMP pages, as publishers and the plugins of content systems write them.
    if segments.count > 1, segments.first == "amp" { segments.removeFirst() }
    if segments.count > 1, let last = segments.last, ["amp", "amp.html"].contains(last) {
      segments.removeLast()
    } else if let last = segments.last {
      for end in [".amp.html", ".amp"] where last.hasSuffix(end) && last.utf8.count > end.utf8.count
      {
        segments[segments.count - 1] =
          last.dropLast(end.utf8.count) + (end == ".amp.html" ? ".html" : "")
        break
      }
    }
    if let last = segments.last, indexFiles.contains(last.lowercased()) { segments.removeLast() }
    path = segments.map { "/" + $0 }.joined()
  }

  mutating func foldQuery() {
    let host = host
    query = query.map { Substring(unreserved(String($0))) }
      .filter { !$0.isEmpty && !saysNothingOfThePage($0, host: host) }
    if query.count > 1 { query.sort() }
  }

  mutating func foldFragment() {
    guard let fragment, !keepsFragment(fragment) else { return }
    self.fragment = nil
  }
}

/// A fragment that is part of a page's address: one that routes (`#/…`, `#!…`), or names something
/// with a number, such as a comment or a release.
private func keepsFragment(_ fragment: String) -> Bool {
  if fragment.hasPrefix("/") || fragment.hasPrefix("!") { return true }
  if fragment.hasPrefix(":~:") { return false }
  let lower = fragment.lowercased()
  if ["echobox=", "xtor=", "utm_", "ref=", "rss", "atom", "feed", "at_"]
    .contains(where: lower.hasPrefix)
  {
    return false
  }
  return fragment.utf8.contains { (0x30...0x39).contains($0) }
}

/// A path segment without the session that servlet containers write there.
private func withoutSession(_ segment: Substring) -> Substring {
  guard let mark = segment.firstIndex(of: ";"),
    segment[mark...].lowercased().hasPrefix(";jsessionid=")
  else { return segment }
  return segment[..<mark]
}

/// Escapes of unreserved characters undone, and the digits of the others in upper case
/// (RFC 3986 §6.2.2.1, §6.2.2.2).
private func unreserved(_ text: String) -> String {
  guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%"), rest.count >= 2,
      let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
    else {
      bytes.append(byte)
      continue
    }
    if isUnreserved(value) {
      bytes.append(value)
    } else {
      bytes.append(byte)
      bytes += rest.prefix(2).map { (0x61...0x66).contains($0) ? $0 & 0xDF : $0 }
    }
    rest = rest.dropFirst(2)
  }
  return String(decoding: bytes, as: UTF8.self)
}

private func isUnreserved(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
    UInt8(ascii: "_"), UInt8(ascii: "~"):
    true
  default: false
  }
}

/// What servers answer with when a directory is asked for.
private let indexFiles: Set<String> = [
  "index.html", "index.htm", "index.shtml", "index.xhtml", "index.php", "default.htm",
  "default.html", "default.asp", "default.aspx",
]

/// Hosts that show what another host shows, without `www.`.
private let pageHosts = [
  "x.com": "twitter.com",
  "old.reddit.com": "reddit.com",
  "np.reddit.com": "reddit.com",
  "new.reddit.com": "reddit.com",
  "export.arxiv.org": "arxiv.org",
  "dx.doi.org": "doi.org",
  "music.youtube.com": "youtube.com",
  "youtube-nocookie.com": "youtube.com",
]

private let wikis: Set<String> = [
  "wikipedia", "wiktionary", "wikinews", "wikisource", "wikiquote", "wikibooks", "wikivoyage",
  "wikiversity",
]
