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
  pageBytes(address).map { String(decoding: $0, as: UTF8.self) }
}

/// A hash of `canonicalPage`, FNV-1a with 64 bits; nil where that is nil.
public func pageHash(_ address: String) -> UInt64? {
  let bytes = address.utf8.span
  // Nearly all addresses say the same in their canonical form, but for a `www.` before it.
  if let plain = PlainLink(bytes), let host = plain.pageHost(in: bytes) {
    guard !plain.path.isEmpty else { return nil }
    var hash = FNV1a()
    for index in host { hash.add(UInt64(bytes[index])) }
    for index in plain.path { hash.add(UInt64(bytes[index])) }
    return hash.value
  }
  return pageBytes(address).map { FNV1a($0).value }
}

/// The hash of a story that a person named: a canonical page, or any other text.
public func storyHash(_ name: String) -> UInt64 { FNV1a(name.utf8).value }

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
  guard let title else { return nil }
  var hash = FNV1a()
  eachNormalised(title) { hash.add(UInt64($0)) }
  return hash == FNV1a() ? nil : UInt32(truncatingIfNeeded: hash.value)
}

/// What an article is looked up by when its keys and its text are others: its title, or, where it has
/// none, the moment of its publication.
///
/// - Parameters:
///   - title: Its title.
///   - published: When it was published.
/// - Returns: `titleHash` of the title, or 32 bits of the moment; nil where it has neither.
public func nameHash(title: String?, published: Timestamp?) -> UInt32? {
  titleHash(title)
    ?? published.map { UInt32(truncatingIfNeeded: FNV1a("\n\($0.milliseconds)".utf8).value) }
}

/// The UTF-8 of `canonicalPage`.
private func pageBytes(_ address: String) -> [UInt8]? {
  guard var url = WebURL(address) else { return nil }
  // A redirector may lead to another one; more than three in a row somebody made up.
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
  return page.bytes
}

/// A web address on its way to its strong canonical form.
private struct PageAddress {
  private var host: ArraySlice<UInt8>
  private let port: Int?
  private var path: [UInt8]
  private var query: [ArraySlice<UInt8>]
  private var fragment: [UInt8]?

  init(_ url: WebURL, host: String) {
    self.host = Array(host.utf8)[...]
    port = url.port
    path = unreserved(Array(url.path.utf8))
    query =
      url.query.map { unreserved(Array($0.utf8)).split(separator: UInt8(ascii: "&")) } ?? []
    fragment = url.fragment.map { Array($0.utf8) }
  }

  /// Nil for the front page of a site.
  var bytes: [UInt8]? {
    guard !path.isEmpty || !query.isEmpty || fragment != nil else { return nil }
    var bytes = Array(host)
    if let port { bytes += ":\(port)".utf8 }
    bytes += path
    for (index, parameter) in query.enumerated() {
      bytes.append(UInt8(ascii: index == 0 ? "?" : "&"))
      bytes += parameter
    }
    if let fragment {
      bytes.append(UInt8(ascii: "#"))
      bytes += fragment
    }
    return bytes
  }

  mutating func foldHost() {
    if host.last == dot { host.removeLast() }
    // Sites for small screens, and the copies that AMP pages had on a host of their own.
    for label in hostLabels where host.starts(with: label) {
      let rest = host.dropFirst(label.count)
      if rest.contains(dot) { host = rest }
    }
    if host.count < 24, let other = pageHosts[String(decoding: host, as: UTF8.self)] {
      host = Array(other.utf8)[...]
    }
    if host.count(where: { $0 == dot }) > 1 { foldCountry() }
    if host.count < 12 { foldVideo() }
  }

  /// Of a host with three labels or more.
  private mutating func foldCountry() {
    let labels = host.split(separator: dot, omittingEmptySubsequences: false)
    // Wikipedia and its sisters: en.m.wikipedia.org.
    if labels.count == 4, labels[1].elementsEqual("m".utf8),
      wikis.contains(String(decoding: labels[2], as: UTF8.self))
    {
      host = labels[0] + [dot] + labels[2] + [dot] + labels[3]
    }
    // Blogger sends its readers to the domain of their country.
    if let mark = labels.lastIndex(where: { $0.elementsEqual("blogspot".utf8) }), mark > 0,
      labels.count - mark <= 3
    {
      host = (Array(labels[..<mark].joined(separator: [dot])) + Array(".blogspot.com".utf8))[...]
    }
  }

  /// One video of YouTube has an address for each way of showing it.
  private mutating func foldVideo() {
    var video: ArraySlice<UInt8>?
    if host.elementsEqual("youtu.be".utf8) {
      video = path.split(separator: slash).first
    } else if host.elementsEqual("youtube.com".utf8) {
      let parts = path.split(separator: slash)
      let place = parts.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
      if parts.count == 2, ["shorts", "embed", "live", "v"].contains(place) { video = parts[1] }
      if place == "watch" {
        video = query.first { $0.starts(with: "v=".utf8) }.map { $0.dropFirst(2) }
      }
    }
    guard let video else { return }
    host = Array("youtube.com".utf8)[...]
    path = Array("/watch".utf8)
    query = [Array("v=".utf8) + video]
  }

  mutating func foldPath() {
    if path.contains(UInt8(ascii: ";")) { path = withoutSessions(path) }
    var folded: [UInt8] = []
    folded.reserveCapacity(path.count)
    for byte in path where byte != slash || folded.last != slash { folded.append(byte) }
    if folded.last == slash { folded.removeLast() }
    // The names of AMP pages, as publishers and the plugins of content systems write them.
    if folded.starts(with: "/amp/".utf8) { folded.removeFirst(4) }
    let last = folded[(folded.lastIndex(of: slash) ?? folded.startIndex)...].dropFirst()
    let hasMore = last.count + 1 < folded.count
    if last.count == 3 && last.elementsEqual("amp".utf8)
      || last.count == 8 && last.elementsEqual("amp.html".utf8)
    {
      if hasMore { folded.removeLast(last.count + 1) }
    } else if last.count > 9, last.suffix(9).elementsEqual(".amp.html".utf8) {
      folded.removeLast(9)
      folded += ".html".utf8
    } else if last.count > 4, last.suffix(4).elementsEqual(".amp".utf8) {
      folded.removeLast(4)
    } else if (9...13).contains(last.count), indexFiles.contains(lowerCase(last)) {
      folded.removeLast(last.count + 1)
    }
    path = folded
  }

  mutating func foldQuery() {
    guard !query.isEmpty else { return }
    query.removeAll { saysNothingOfThePage($0, host: host) }
    if query.count > 1 { query.sort { $0.lexicographicallyPrecedes($1) } }
  }

  mutating func foldFragment() {
    guard let fragment, !keepsFragment(fragment) else { return }
    self.fragment = nil
  }
}

/// A path without what servlet containers write there of their sessions.
private func withoutSessions(_ path: [UInt8]) -> [UInt8] {
  let segments = path.split(separator: slash, omittingEmptySubsequences: false)
    .map { segment in
      guard let mark = segment.firstIndex(of: UInt8(ascii: ";")),
        lowerCase(segment[mark...]).hasPrefix(";jsessionid=")
      else { return segment }
      return segment[..<mark]
    }
  return Array(segments.joined(separator: [slash]))
}

/// A fragment that is part of a page's address: one that routes (`#/…`, `#!…`), or names something
/// with a number, such as a comment or a release.
private func keepsFragment(_ fragment: [UInt8]) -> Bool {
  if fragment.first == slash || fragment.first == UInt8(ascii: "!") { return true }
  if fragment.starts(with: ":~:".utf8) { return false }
  let lower = lowerCase(fragment)
  if noiseFragments.contains(where: lower.hasPrefix) { return false }
  return fragment.contains { (0x30...0x39).contains($0) }
}

private let noiseFragments = [
  "echobox=", "xtor=", "utm_", "ref=", "rss", "atom", "feed", "at_",
]

/// A text with its ASCII letters in lower case.
func lowerCase(_ bytes: some Sequence<UInt8>) -> String {
  let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  return String(decoding: lower, as: UTF8.self)
}

/// Escapes of unreserved characters undone, and the digits of the others in upper case
/// (RFC 3986 §6.2.2.1, §6.2.2.2).
private func unreserved(_ text: [UInt8]) -> [UInt8] {
  guard text.contains(UInt8(ascii: "%")) else { return text }
  var bytes: [UInt8] = []
  var rest = text[...]
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
  return bytes
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

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
let hostLabels = ["www.", "m.", "mobile.", "amp."].map { Array($0.utf8) }

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
