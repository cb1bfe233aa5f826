/// Who answers with a page for browsers instead of a document; nil when nobody says so.
///
/// Only fields that mean nothing else are believed. Words of the page are not looked at: they
/// change, and an article may hold them too.
func challenger(_ fields: ResponseFields) -> String? {
  func says(_ name: ResponseFields.Name, _ value: String) -> Bool {
    fields.last(name).map { $0.lowercased() == value } ?? false
  }
  // Quirk: a page that tests the browser comes in place of the feed, with any status. Seen: Cloudflare, AWS WAF (202 and 405), Vercel (429 and 403), DataDome. Fixture: Tests/FeedFetchTests/StatusTests.swift
  if says(.cloudflareMitigated, "challenge") { return "Cloudflare" }
  if says(.amazonAction, "challenge") || says(.amazonAction, "captcha") { return "AWS WAF" }
  if says(.vercelMitigated, "challenge") { return "Vercel" }
  if says(.dataDome, "1") || says(.dataDome, "2") { return "DataDome" }
  return nil
}
