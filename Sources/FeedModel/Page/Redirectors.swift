/// The address that a redirector's own address says it leads to; nil for what is none, or hides it.
func redirectTarget(_ url: WebURL) -> WebURL? {
  guard let host = url.host else { return nil }
  if host.utf8.count > 18, host.hasSuffix(".cdn.ampproject.org") {
    return ampTarget(url.path, leading: 0)
  }
  let isAMP = url.path.utf8.starts(with: "/amp/".utf8)
  // Nearly all addresses are none: they have no query, or one without another address in it.
  guard isAMP || url.query.map({ mayHoldAddress($0) }) == true else { return nil }
  let name = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
  let site = isGoogle(name) ? "google.com" : name
  if isAMP, site == "google.com" { return ampTarget(url.path, leading: 1) }
  for redirector in redirectors where redirector.host == site {
    guard redirector.path == nil || redirector.path == url.path else { continue }
    for name in redirector.parameters {
      let start = name + "="
      for parameter in url.query?.split(separator: "&") ?? [] where parameter.hasPrefix(start) {
        let target = WebURL(percentDecoded(parameter.dropFirst(start.utf8.count)))
        if let target, target.isWeb { return target }
      }
    }
  }
  return nil
}

/// `http:` or `https%3A` stands in it.
private func mayHoldAddress(_ query: String) -> Bool {
  var rest = query.utf8[...]
  while let mark = rest.firstIndex(of: UInt8(ascii: "=")) {
    rest = rest[rest.index(after: mark)...]
    if rest.prefix(4).elementsEqual("http".utf8) { return true }
  }
  return false
}

/// `/c/s/host/path`: the kind of content, `s` for https, then host and path.
private func ampTarget(_ path: String, leading: Int) -> WebURL? {
  var segments = path.split(separator: "/").dropFirst(leading)
  if let first = segments.first, first.utf8.count == 1, first != "s" { segments.removeFirst() }
  let isSecure = segments.first == "s"
  if isSecure { segments.removeFirst() }
  guard let host = segments.first, host.contains(".") else { return nil }
  return WebURL((isSecure ? "https://" : "http://") + segments.joined(separator: "/"))
}

/// google.com, google.de, google.co.uk.
private func isGoogle(_ site: String) -> Bool {
  let labels = site.split(separator: ".")
  return labels.first == "google" && (2...3).contains(labels.count)
}

/// A page that sends its readers on to where a parameter says.
private struct Redirector {
  var host: String
  /// Nil for every path.
  var path: String?
  /// Names of the parameter, the first that is there counts.
  var parameters: [String]
}

private let redirectors = [
  // Google Alerts and results of a search.
  Redirector(host: "google.com", path: "/url", parameters: ["url", "q"]),
  // Feeds of Bing's news.
  Redirector(host: "bing.com", path: "/news/apiclick.aspx", parameters: ["url"]),
  Redirector(host: "l.facebook.com", path: "/l.php", parameters: ["u"]),
  Redirector(host: "lm.facebook.com", path: "/l.php", parameters: ["u"]),
  Redirector(host: "l.instagram.com", path: "/", parameters: ["u"]),
  Redirector(host: "l.threads.net", path: "/", parameters: ["u"]),
  Redirector(host: "youtube.com", path: "/redirect", parameters: ["q"]),
  Redirector(host: "out.reddit.com", path: nil, parameters: ["url"]),
  Redirector(host: "t.umblr.com", path: "/redirect", parameters: ["z"]),
  Redirector(host: "href.li", path: "/", parameters: ["url"]),
  Redirector(host: "vk.com", path: "/away.php", parameters: ["to"]),
  Redirector(host: "steamcommunity.com", path: "/linkfilter/", parameters: ["url", "u"]),
  Redirector(host: "duckduckgo.com", path: "/l/", parameters: ["uddg"]),
  Redirector(host: "slack-redir.net", path: "/link", parameters: ["url"]),
  Redirector(host: "go.redirectingat.com", path: nil, parameters: ["url"]),
  Redirector(host: "redirect.viglink.com", path: nil, parameters: ["u"]),
  Redirector(host: "go.skimresources.com", path: nil, parameters: ["url"]),
  Redirector(host: "disq.us", path: "/url", parameters: ["url"]),
  Redirector(host: "medium.com", path: "/r", parameters: ["url"]),
  Redirector(host: "linkedin.com", path: "/redir/redirect", parameters: ["url"]),
]
