/// What a web page is that came where a feed was expected.
///
/// Only kinds that explain why there is no feed; any other page has none.
public enum PageKind: Hashable, Sendable {
  /// It wants a name and a password.
  case login
  /// It wants to see a browser, or a person. `by` is who sends it; nil when it does not say.
  case challenge(by: String?)
  /// It comes from the network on the way, such as that of a hotel.
  case captivePortal
  /// It wants consent, mostly to cookies, before anything else.
  case consent
  /// The server calls this a success, and the page says that there is none.
  case notFound
  /// Nobody uses the domain, or somebody sells it.
  case parked
}

extension PageKind: CustomStringConvertible {
  /// What it is, with its article: `a login page`.
  public var description: String {
    switch self {
    case .login: "a login page"
    case .challenge(let by): "a page" + (by.map { " of \($0)" } ?? "") + " that wants a browser"
    case .captivePortal: "a page of a network that wants you to log in"
    case .consent: "a page that asks for consent"
    case .notFound: "a page that says that nothing is there"
    case .parked: "the page of a parked domain"
    }
  }
}

/// Tells what kind of page stands where a feed was expected.
///
/// Pure. It would rather know nothing than call an ordinary page by a wrong name: what a page only
/// talks about does not count, but its title, its forms, its scripts, and how little it holds.
///
/// - Parameter bytes: The page; of a long one the first 256 KB are looked at.
/// - Returns: Nil for any ordinary page.
public func pageKind(_ bytes: [UInt8]) -> PageKind? {
  let scan = PageScan(bytes, bytesMax: 256 << 10)
  if scan.hasHotspotMarkup { return .captivePortal }
  if let by = challenger(scan) { return .challenge(by: by) }
  if isChallenge(scan) { return .challenge(by: nil) }
  if isCaptivePortal(scan) { return .captivePortal }
  if isConsent(scan) { return .consent }
  if isParked(scan) { return .parked }
  if isNotFound(scan) { return .notFound }
  if isLogin(scan) { return .login }
  return nil
}

/// A page with more words has something else to say.
private enum Words {
  static let few = 1500
  static let some = 4000
}

extension PageScan {
  /// The title in lower case, its apostrophes plain.
  fileprivate var plainTitle: String {
    title.lowercased().replacing("\u{2019}", with: "'").replacing("\u{2026}", with: "...")
  }

  /// The addresses that the page loads scripts and frames from, in lower case.
  fileprivate var loaded: [String] {
    tags.filter { ["script", "iframe", "frame"].contains($0.name) }
      .compactMap { $0["src"]?.lowercased() }
  }

  /// Where forms are sent, in lower case.
  fileprivate var actions: [String] {
    tags.filter { $0.name == "form" }.compactMap { $0["action"]?.lowercased() }
  }

  fileprivate func says(_ phrases: [StaticString]) -> Bool {
    phrases.contains { find($0, in: words) }
  }
}

// MARK: Challenges

/// Who sends a page that wants a browser; nil when it is none, or none that is known by name.
private func challenger(_ scan: PageScan) -> String? {
  let title = scan.plainTitle
  let isShort = scan.words.count <= Words.some
  // Quirk: ordinary pages load scripts from /cdn-cgi/challenge-platform/ too, so only the settings of a challenge count. Seen: Cloudflare. Fixture: Tests/FeedTextTests/PageKindTests.swift
  if find("_cf_chl_opt", in: scan.scripts) || title.hasSuffix("| cloudflare")
    || title == "just a moment..."
  {
    return isShort ? "Cloudflare" : nil
  }
  guard isShort else { return nil }
  let loaded = scan.loaded
  func loads(_ part: String) -> Bool { loaded.contains { $0.contains(part) } }
  if loads("/.well-known/ddos-guard/") || title == "ddos-guard" { return "DDoS-Guard" }
  if loads("/.within.website/x/cmd/anubis/")
    || scan.tags.contains(where: { $0.name == "script" && $0["id"] == "anubis_challenge" })
    || title == "making sure you're not a bot!"
  {
    return "Anubis"
  }
  if loads("/_incapsula_resource") { return "Imperva" }
  if loads("captcha-delivery.com") { return "DataDome" }
  if loads("captcha.px-cdn.net") || find("window._pxappid", in: scan.scripts) { return "HUMAN" }
  if loads(".token.awswaf.com") || find("window.gokuprops", in: scan.scripts) { return "AWS WAF" }
  if find("sucuri_cloudproxy_js", in: scan.scripts) { return "Sucuri" }
  if title == "vercel security checkpoint" { return "Vercel" }
  if title == "reddit - prove your humanity" { return "Reddit" }
  return nil
}

/// Whether a page wants a browser or a person, whoever sends it.
private func isChallenge(_ scan: PageScan) -> Bool {
  let titles: Set<String> = [
    "attention required!", "bot verification", "checking your browser", "checking your browser...",
    "human verification", "one moment, please...", "please verify you are a human",
    "please wait...", "robot check", "security check", "security verification",
    "verifying your browser", "verifying you are human",
  ]
  return titles.contains(scan.plainTitle) && scan.words.count <= Words.few
}

// MARK: Networks, consent, parking

private func isCaptivePortal(_ scan: PageScan) -> Bool {
  guard scan.words.count <= Words.few else { return false }
  let title = scan.plainTitle
  let titles = [
    "captive portal", "hotspot login", "hotspot > login", "wi-fi login", "wifi login",
    "wlan login", "wi-fi hotspot", "network login", "web authentication redirect",
    "guest wi-fi", "guest wifi",
  ]
  if titles.contains(where: { title.hasPrefix($0) || title.hasSuffix($0) }) { return true }
  // What the pages of MikroTik, CoovaChilli, UniFi, FortiGate, Meraki, Aruba and openNDS send to.
  let places = [
    "hotspotlogin", "/guest/s/", "fgtauth", "network-auth.com", "securelogin.", "opennds_auth",
    "nodogsplash_auth", "$(link-login",
  ]
  let targets = scan.actions + scan.refreshes
  return targets.contains { target in places.contains(where: target.contains) }
}

extension PageScan {
  /// Where `meta http-equiv=refresh` leads, in lower case.
  fileprivate var refreshes: [String] {
    tags.filter { $0.name == "meta" && $0["http-equiv"]?.lowercased() == "refresh" }
      .compactMap { $0["content"]?.lowercased() }
  }
}

private func isConsent(_ scan: PageScan) -> Bool {
  // A banner on an ordinary page sends nothing to a place that is only for consent.
  let places = [
    "//consent.youtube.com/", "//consent.google.", "//consent.yahoo.com/", "/collectconsent",
    "//guce.",
  ]
  if scan.actions.contains(where: { action in places.contains(where: action.contains) }) {
    return true
  }
  return scan.plainTitle.hasPrefix("before you continue to ") && scan.words.count <= Words.some
}

private func isParked(_ scan: PageScan) -> Bool {
  guard scan.words.count <= Words.few else { return false }
  let sellers = [
    "sedoparking.com", "parkingcrew.net", "bodis.com", "parklogic.com", "/parking-lander/",
    "afternic.com", "hugedomains.com", "above.com/marketplace",
  ]
  if scan.loaded.contains(where: { source in sellers.contains(where: source.contains) }) {
    return true
  }
  // A page that only sends on to where the registrar sells.
  if scan.words.count < 200, find("window.location.href=\"/lander\"", in: scan.scripts) {
    return true
  }
  return scan.says([
    "this domain is for sale", "this domain may be for sale", "domain name is for sale",
    "this domain is parked", "buy this domain", "diese domain steht zum verkauf",
    "this domain has expired", "ce nom de domaine est \u{E0} vendre",
  ])
}

// MARK: Nothing there

private func isNotFound(_ scan: PageScan) -> Bool {
  let phrases: Set<String> = [
    "404", "404 error", "404 not found", "404 page not found", "error 404", "error 404 not found",
    "http 404", "not found", "not found 404", "oops page not found", "page doesn't exist",
    "page not found", "page not found 404", "page not found error 404", "the page cannot be found",
    "the page you requested was not found", "this page could not be found",
    "404 this page could not be found", "this page doesn't exist", "nothing found",
    // German, French, Spanish, Portuguese, Italian, Dutch, Russian, Japanese.
    "seite nicht gefunden", "404 seite nicht gefunden", "page introuvable", "page non trouvée",
    "página no encontrada", "página não encontrada", "pagina non trovata", "pagina niet gevonden",
    "страница не найдена", "ページが見つかりません",
  ]
  if phrases.contains(phrase(scan.plainTitle)) { return true }
  // Beside the name of the site.
  let parts = scan.plainTitle.split { "|·•»«—–".contains($0) }
    .flatMap { $0.split(separator: " - ") }
  if let first = parts.first, parts.count > 1, phrases.contains(phrase(first)) { return true }
  if let last = parts.last, parts.count > 1, phrases.contains(phrase(last)) { return true }
  return phrases.contains(phrase(scan.heading.lowercased()))
}

/// Words alone: `404 – Page Not Found!` is `404 page not found`.
private func phrase(_ text: some StringProtocol) -> String {
  text.split { !($0.isLetter || $0.isNumber || $0 == "'") }.joined(separator: " ")
}

// MARK: Login

private func isLogin(_ scan: PageScan) -> Bool {
  let inputs = scan.tags.filter { $0.name == "input" }
  let hasPassword = inputs.contains { $0["type"]?.lowercased() == "password" }
  let isNamed = startsWithLogin(scan.plainTitle) || startsWithLogin(scan.heading.lowercased())
  // Many pages have a small form to log in at their top, and much else below.
  if hasPassword { return isNamed || scan.words.count <= 1000 }
  // Some ask for the name first, and for the password on a page of its own.
  guard isNamed, scan.words.count <= Words.few, scan.tags.contains(where: { $0.name == "form" })
  else { return false }
  let names: Set<String> = [
    "email", "identifier", "login", "loginfmt", "log", "user", "userid", "username", "j_username",
    "session[username_or_email]",
  ]
  return inputs.contains { names.contains($0["name"]?.lowercased() ?? "") }
}

private func startsWithLogin(_ text: String) -> Bool {
  let words = phrase(text)
  let phrases = [
    "login", "log in", "sign in", "signin", "please log in", "please sign in", "log on",
    "authentication required", "member login", "user login",
    // German, French, Spanish, Portuguese, Italian, Dutch, Swedish.
    "anmelden", "anmeldung", "einloggen", "connexion", "se connecter", "iniciar sesión",
    "entrar", "iniciar sessão", "accedi", "accesso", "inloggen", "logga in",
  ]
  if phrases.contains(where: { words == $0 || words.hasPrefix($0 + " ") }) { return true }
  // `Example – Sign in`.
  return phrases.contains { words.hasSuffix(" " + $0) }
}
