/// A parameter of a query that says where a reader came from, in which form the page is shown, or who
/// reads, and never which page is meant.
///
/// `parameter` is `name` or `name=value`, and may be empty; `host` is that of the address, without
/// `www.` and the like.
func saysNothingOfThePage(_ parameter: ArraySlice<UInt8>, host: ArraySlice<UInt8>) -> Bool {
  // Nearly all that there are.
  if parameter.isEmpty || parameter.starts(with: "utm_".utf8) { return true }
  let mark = parameter.firstIndex(of: UInt8(ascii: "="))
  let name = lowerCase(parameter[..<(mark ?? parameter.endIndex)])
  if trackers.contains(name) || trackerPrefixes.contains(where: name.hasPrefix) { return true }
  var value: String { mark.map { lowerCase(parameter[($0 + 1)...]) } ?? "" }
  if senders.contains(name) { return feedWords.contains(where: value.hasPrefix) }
  func isOf(_ site: String) -> Bool { host.suffix(site.utf8.count).elementsEqual(site.utf8) }
  return switch name {
  // AMP plugins; Blogger's page for small screens.
  case "amp": ["", "1", "true"].contains(value)
  case "outputtype": value == "amp"
  case "m": ["0", "1"].contains(value) && isOf(".blogspot.com")
  // Sessions of phpBB and others; a short number under these names may be a story.
  case "sid", "session", "sessionid", "session_id", "sess", "sessid": isToken(value)
  // What was shared, and from where, on two sites where the same names mean nothing elsewhere.
  case "s", "t": host.elementsEqual("twitter.com".utf8)
  case "si": isOf("spotify.com")
  default: false
  }
}

/// Sixteen letters and digits or more, both of them: nothing that a person or a counter made.
private func isToken(_ value: String) -> Bool {
  let isWord = value.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  return value.utf8.count >= 16 && isWord && value.utf8.contains { $0 < 0x3A }
    && value.utf8.contains { $0 > 0x60 }
}

/// Campaigns: Google Analytics, Matomo and Piwik, HubSpot, AT Internet (Piano), Adobe, Google Ads'
/// older names, Vero, Klaviyo.
private let trackerPrefixes = [
  "utm_", "pk_", "mtm_", "piwik_", "matomo_", "_hs", "__hs", "hsa_", "at_", "ns_", "ga_", "vero_",
  "_kx", "__twitter_",
]

/// Names that one service made up for its own clicks, so that no page is chosen by them.
private let trackers: Set<String> = [
  // Facebook, Instagram, TikTok, Twitter, LinkedIn, Pinterest, Reddit.
  "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "igshid", "igsh", "ttclid",
  "twclid", "li_fat_id", "trk", "trkcampaign", "epik", "rdt_cid",
  // Google Ads and Analytics, Merchant Center; Microsoft, Yandex.
  "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "_ga", "_gl", "srsltid", "msclkid", "yclid",
  "ymclid", "ysclid", "_openstat",
  // Mailchimp, Marketo, Omeda, Klaviyo, Wicked Reports, Drip, ActiveCampaign, MailerLite.
  "mc_cid", "mc_eid", "mkt_tok", "oly_enc_id", "oly_anon_id", "_ke", "wickedid", "__s", "vgo_ee",
  "ml_subscriber", "ml_subscriber_hash",
  // Adobe, AT Internet, Outbrain, Taboola, Branch, Yahoo, Alibaba.
  "s_cid", "s_kwcid", "ef_id", "xtor", "dicbo", "ob_click_id", "obclid", "tblci",
  "_branch_match_id", "guccounter", "guce_referrer", "guce_referrer_sig", "spm",
  // Newspapers: The Guardian, The New York Times, NPR, CNN and others.
  "cmp", "cmpid", "ncid", "smid", "smtyp", "sr_share", "icid", "ref_src", "ref_url",
  // Sessions of PHP and of servlets.
  "phpsessid", "jsessionid",
  // YouTube's way in.
  "feature", "ab_channel",
]

/// Names that say who sent a reader, where the value says that it was a feed.
private let senders: Set<String> = [
  "ref", "source", "src", "from", "via", "partner", "emc", "medium", "campaign", "cid", "feed",
  "ftcamp", "traffic_source",
]

private let feedWords = ["rss", "feed", "atom"]
