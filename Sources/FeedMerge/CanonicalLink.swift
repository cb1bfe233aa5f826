import FeedModel

/// The form in which two links to one article are the same text; nil for what is no web address.
///
/// Frozen, as it goes into keys. The scheme does not count, since sites move from http to https;
/// nor do the default port, a trailing slash, tracking parameters, and fragments, unless a fragment
/// routes (`#!/…`, `#/…`).
func canonicalLink(_ link: String) -> String? {
  let bytes = link.utf8.span
  // Nearly all links are that form already, behind their scheme.
  if let plain = PlainLink(bytes) { return plain.text(in: link) }
  return takenApartLink(link)
}

/// The same for links of every kind.
func takenApartLink(_ link: String) -> String? {
  guard let url = WebURL(link), url.isWeb, let host = url.host else { return nil }
  var text = host
  if let port = url.port { text += ":\(port)" }
  var path = Substring(url.path)
  while path.hasSuffix("/") { path.removeLast() }
  text += path
  if let query = url.query {
    let kept = query.split(separator: "&").filter { !isTracking($0) }
    if !kept.isEmpty { text += "?" + kept.joined(separator: "&") }
  }
  if let fragment = url.fragment, fragment.hasPrefix("!") || fragment.hasPrefix("/") {
    text += "#" + fragment
  }
  return text
}

/// Parameters that say where a reader came from, and never which page is meant.
private func isTracking(_ parameter: Substring) -> Bool {
  let name = parameter.prefix { $0 != "=" }.lowercased()
  // Urchin and Google Analytics campaign parameters.
  if name.hasPrefix("utm_") { return true }
  return switch name {
  // Facebook, Google Ads (also for apps), Microsoft Ads, Yandex, Mailchimp.
  case "fbclid", "gclid", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "mc_cid", "mc_eid": true
  default: false
  }
}
