import FeedText
import Testing

private let words = Array(repeating: "Some words that a person has written.", count: 150)
  .joined(separator: " ")

/// Pages that stand where a feed was expected, made up like those that are met.
private let pages: [(name: String, page: String, kind: PageKind)] = [
  (
    "Cloudflare",
    """
    <!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots"
    content="noindex,nofollow"></head><body><div class="main-content"><noscript>Enable JavaScript and
    cookies to continue</noscript></div><script>(function(){window._cf_chl_opt={cvId:'3'}})();</script>
    """, .challenge(by: "Cloudflare")
  ),
  (
    "Cloudflare in another language",
    "<title>Einen Moment, bitte…</title><script>window._cf_chl_opt = {};</script>",
    .challenge(by: "Cloudflare")
  ),
  (
    "Cloudflare's block",
    "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
    .challenge(by: "Cloudflare")
  ),
  (
    "DDoS-Guard",
    "<title>DDoS-Guard</title><script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
    .challenge(by: "DDoS-Guard")
  ),
  (
    "Anubis",
    """
    <title>Making sure you&#39;re not a bot!</title><script id="anubis_challenge" type="application/json">
    {}</script><script async src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>
    """, .challenge(by: "Anubis")
  ),
  (
    "Imperva",
    "<html><head></head><body><iframe src=\"/_Incapsula_Resource?SWUDNSAI=31\"></iframe>",
    .challenge(by: "Imperva")
  ),
  (
    "DataDome",
    "<title>e.org</title><script src=\"https://ct.captcha-delivery.com/c.js\"></script>",
    .challenge(by: "DataDome")
  ),
  (
    "AWS",
    "<script>window.gokuProps = {\"key\":\"x\"};</script><script src=\"https://a.token.awswaf.com/x/challenge.js\">",
    .challenge(by: "AWS WAF")
  ),
  ("somebody", "<title>Checking your browser...</title><p>Please wait", .challenge(by: nil)),
  (
    "WISPr",
    """
    <html><body>Welcome<!-- <?xml version="1.0"?><WISPAccessGatewayParam><Redirect>
    </Redirect></WISPAccessGatewayParam> --></body></html>
    """, .captivePortal
  ),
  (
    "MikroTik",
    "<html><head><meta http-equiv=\"refresh\" content=\"0; url=http://10.5.50.1/hotspotlogin?dst=\">",
    .captivePortal
  ),
  (
    "FortiGate",
    "<form action='http://10.0.0.1:1000/fgtauth?0a' method=post><input type=password name=p>",
    .captivePortal
  ),
  (
    "a hotel", "<title>Grand Hotel - WiFi Login</title><form><input type=password></form>",
    .captivePortal
  ),
  (
    "YouTube's consent",
    """
    <title>Bevor Sie zu YouTube weitergehen</title>
    <form action="https://consent.youtube.com/save" method="POST"><input type=hidden name=gl></form>
    """, .consent
  ),
  (
    "Google's consent", "<title>Before you continue to Google Search</title><form></form>", .consent
  ),
  (
    "a soft 404", "<title>Page not found – Example Blog</title><h1>Oops!</h1><p>\(words)",
    .notFound
  ),
  (
    "a 404 in the heading", "<title>Example</title><h1 class=x>404 – Not <b>Found</b></h1>",
    .notFound
  ),
  ("a German 404", "<title>Seite nicht gefunden | Zeitung</title>", .notFound),
  (
    "parked by a seller",
    "<title>e.org</title><script src='https://sedoparking.com/frmpark/x.js'></script>",
    .parked
  ),
  (
    "for sale", "<title>e.org</title><h1>e.org</h1><p>This domain is for sale! Get it now.", .parked
  ),
  (
    "a registrar's",
    "<html><head><script>window.onload=function(){window.location.href=\"/lander\"}</script>",
    .parked
  ),
  (
    "a login",
    "<title>Members</title><form action=/in><input name=user><input type=password name=p></form>",
    .login
  ),
  (
    "a long login", "<title>Log in · Example</title><form><input type=PASSWORD></form><p>\(words)",
    .login
  ),
  (
    "the name first",
    "<title>Sign in - Example Accounts</title><form><input type=email name=identifier></form>",
    .login
  ),
  (
    "a French one", "<title>Connexion</title><form><input type='password' name='mdp'/></form>",
    .login
  ),
]

@Test(arguments: pages.indices)
func `a page that explains why there is no feed is known`(index: Int) {
  let (name, page, kind) = pages[index]
  #expect(pageKind(Array(page.utf8)) == kind, "\(name)")
}

/// Ordinary pages that have something of the others.
private let ordinary: [(name: String, page: String)] = [
  ("nothing", ""),
  ("no markup", "Just a moment..."),
  (
    "an article on Cloudflare",
    "<title>Just a moment... what is that?</title><p>_cf_chl_opt \(words)"
  ),
  (
    "a page behind Cloudflare",
    "<title>Blog</title><p>\(words)<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
  ),
  ("an article with its code", "<title>Bots</title><pre>window._cf_chl_opt = {}</pre>"),
  (
    "a long article with their script",
    "<title>Blog</title><script>window._cf_chl_opt</script><p>\(words)"
  ),
  (
    "a forum with a login at its top",
    "<title>Forum</title><form><input name=user><input type=password></form><p>\(words)"
  ),
  ("an article on logins", "<title>How to log in</title><form><input name=q></form><p>Short."),
  (
    "an article and a newsletter",
    "<title>Sign in with anything: a history</title><form><input type=email name=email></form><p>\(words)"
  ),
  ("an article on 404", "<title>Why 404 Not Found is good design</title><h1>Why 404 is good</h1>"),
  ("a page number", "<title>Page 404 | Blog</title><h1>Post</h1>"),
  (
    "a cookie banner",
    "<title>Blog</title><p>We use cookies.<form action=/consent><button>OK</button></form>"
  ),
  (
    "an article on domains",
    "<title>Domains</title><p>This domain is for sale, said the page. \(words)"
  ),
  ("an article on portals", "<title>Captive portal tests in Debian</title><p>\(words)"),
  ("a hotel", "<title>Grand Hotel</title><p>Free WiFi in all rooms."),
  (
    "WISPr in an article",
    "<title>WISPr</title><pre>&lt;WISPAccessGatewayParam&gt;</pre><p>\(words)"
  ),
  ("an unclosed script", "<title>x</title><script>password"),
  ("an unclosed comment", "<title>x</title><!-- <form>"),
  ("an unclosed tag", "<title>x</title><input type=password"),
]

@Test(arguments: ordinary.indices)
func `an ordinary page is called by no name`(index: Int) {
  let (name, page) = ordinary[index]
  #expect(pageKind(Array(page.utf8)) == nil, "\(name)")
}

@Test func `only the beginning of a long page is looked at`() {
  let login = "<title>x</title><form><input type=password></form>"
  let long = "<!--" + String(repeating: "x", count: 256 << 10) + "-->"
  #expect(pageKind(Array((login + long).utf8)) == .login)
  #expect(pageKind(Array((long + login).utf8)) == nil)
}

@Test func `any bytes are a page`() {
  for page in [
    "<", "</", "<!", "<!-", "<a", "<title>", "<h1>", "</h1>", "<h1></h", "<input type=", "<?",
  ] {
    #expect(pageKind(Array(page.utf8)) == nil, "\(page)")
  }
  #expect(pageKind([0xFF, 0x3C, 0xFE, 0x3E, 0x00]) == nil)
}

@Test func `a kind is said with its article`() {
  #expect(PageKind.login.description == "a login page")
  #expect(PageKind.challenge(by: "Anubis").description == "a page of Anubis that wants a browser")
  #expect(PageKind.challenge(by: nil).description == "a page that wants a browser")
}

@Test func `the head of a page gives its canonical address and notes`() {
  let page = """
    <head><title>A &amp;
      B</title><link rel="Canonical" href="/x?a=1&amp;b=2"><meta charset=utf-8>
    <meta itemprop="channelId" content="UC1"><META Property=og:url CONTENT='https://e.org/'/>
    <meta name=empty content=""><script>"<meta name=no content=no>"</script></head>
    """
  let head = PageHead(page: Array(page.utf8))
  #expect(head.canonical == "/x?a=1&b=2")
  #expect(head["channelid"] == "UC1")
  #expect(head["og:url"] == "https://e.org/")
  #expect(head.notes.count == 2)
}
