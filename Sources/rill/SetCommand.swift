import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync

/// `rill set`.
struct SetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Say how one feed is called and asked, or show what is set.",
    discussion: """
      Title, URL, tags, interval, user agent and HTTP version are kept in the
      store, for all machines that share it. Headers, users, passwords, proxies
      and --insecure stay on this machine, in the file "credentials" of the
      config directory. They go to the origin that the feed has now, and nowhere
      else; a proxy is used wherever the feed leads.

      Examples:
        rill set lwn --title 'Linux Weekly News' --tag linux
        rill set lwn --user ann --password-command 'pass show feeds/lwn'
        rill set lwn --interval 6h --header 'X-Api-Key: 1234'
        rill set lwn
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup(title: "How it is asked") var asking: AskingOptions
  @Argument(help: "An id, a URL or a unique part of the title.", completion: .feeds) var feed:
    String
  @Option(help: "Call it this; '' gives it the publisher's title back.") var title: String?
  @Option(help: "Fetch it from this address from now on. Its articles and marks stay.")
  var url: String?
  @Option(help: "Give it this tag. May be repeated.") var tag: [String] = []
  @Option(help: "Take this tag from it. May be repeated.") var untag: [String] = []
  @Option(help: "rill gc keeps its articles for so many days; all: for ever; default: as of all.")
  var keepDays: String?
  @Option(help: "rill gc keeps so many of its newest; all: all of them; default: as of all.")
  var keepArticles: String?

  func validate() throws {
    if let bad = (tag + untag).first(where: { $0.isEmpty || $0.contains(where: \.isNewline) }) {
      throw ValidationError("A tag is one line of text, not \"\(bad)\".")
    }
    if let both = tag.first(where: untag.contains) {
      throw ValidationError("\(both) is in --tag and in --untag.")
    }
    _ = try kept(keepDays, "--keep-days", upTo: 36_600)
    _ = try kept(keepArticles, "--keep-articles", upTo: 1_000_000_000)
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let row = try library.feed(named: feed)
    let file = surroundings.credentialFile
    let address = try url.map(resolved)
    var changes = try asking.changes()
    if let title { changes.append(.title(title.isEmpty ? nil : title)) }
    changes += tag.map { .tag($0, true) } + untag.map { .tag($0, false) }
    if let number = try kept(keepDays, "--keep-days", upTo: 36_600) {
      changes.append(.keepDays(number.value))
    }
    if let number = try kept(keepArticles, "--keep-articles", upTo: 1_000_000_000) {
      changes.append(.keepArticles(number.value))
    }
    if let address { changes.append(.url(try free(address.address, row, library))) }
    guard !changes.isEmpty || asking.touchesSecrets || address?.credentials != nil else {
      return try show(row, file.secrets()[row.id])
    }
    let target = address?.address ?? row.url
    let old = try file.secrets()[row.id]
    let notices = try keepSecrets(row, target, address?.credentials, file)
    let isChanged: Bool
    do {
      isChanged = try failing { () throws(LibraryError) in
        try library.change(row, changes, now: surroundings.clock())
      }
    } catch {
      // The feed is where it was. When not even this can be written, the first error says enough.
      if notices.isChanged { try? file.update(row.id) { _ in old } }
      throw error
    }
    sayTrouble(library)
    for line in notices.lines { Output.error.line(line) }
    Output.error.line(
      notices.isChanged || isChanged ? "Set for \(row.title)." : "\(row.title) is that way already."
    )
    if target != row.url {
      Output.error.line(
        "It is fetched from \(target) now. Try it with: rill sync \(quoted(target))"
      )
    }
  }

  /// A number of days or articles; its value is nil for that of all feeds, and 0 for no end.
  private func kept(
    _ text: String?,
    _ name: String,
    upTo most: Int64
  ) throws -> (value: Int64?, Void)? {
    guard let text else { return nil }
    if text == "default" { return (nil, ()) }
    if text == "all" { return (0, ()) }
    guard let number = Int64(text), (1...most).contains(number) else {
      throw ValidationError("\(name) is a number from 1 to \(most), or all, or default.")
    }
    return (number, ())
  }

  /// Puts what is secret into the credential file.
  ///
  /// - Returns: Whether something of the kind was said, and what is to be told of it.
  private func keepSecrets(
    _ row: FeedRow,
    _ url: String,
    _ inAddress: Credentials?,
    _ file: CredentialFile
  ) throws -> (isChanged: Bool, lines: [String]) {
    let place = origin(of: url)
    guard asking.touchesSecrets || inAddress != nil else {
      guard url != row.url, let old = try file.secrets()[row.id], old.isLeftOut(at: url) else {
        return (false, [])
      }
      let line =
        "What is set for \(old.origin) is not sent to \(place). Set it anew where it is needed."
      return (false, [line])
    }
    guard WebURL(url) != nil else {
      throw Failure(
        .usage,
        "\(url) is a local file: it needs no password, header or proxy. Leave those options out."
      )
    }
    let password = try asking.password(for: place)
    var dropped: String?
    try file.update(row.id) { old in
      if let old, old.isLeftOut(at: url) { dropped = old.origin }
      var new = try asking.secrets(over: old, for: place, password)
      if let inAddress, asking.user == nil {
        (new.user, new.password) = (inAddress.user, .text(inAddress.password))
      }
      return new
    }
    var lines: [String] = []
    if let dropped { lines.append("What was set for \(dropped) is forgotten.") }
    if inAddress != nil { lines.append(CredentialFile.notice(file.path)) }
    if url.hasPrefix("http:"), password != nil || inAddress != nil || !asking.header.isEmpty {
      lines.append("\(place) has no encryption: all between you and it can read what is sent.")
    }
    return (true, lines)
  }

  /// The address, when no other feed has it.
  private func free(_ address: String, _ row: FeedRow, _ library: Library) throws -> String {
    let feeds = try failing { () throws(LibraryError) in try library.feeds() }
    if let other = feeds.first(where: { $0.url == address && $0.id != row.id }) {
      throw Failure(
        .usage,
        "\(other.title) is fetched from \(address) already. Remove one of the two with: "
          + "rill remove \(row.id.description.prefix(8))"
      )
    }
    return address
  }

  private func resolved(_ typed: String) throws -> PlainAddress {
    if typed.hasPrefix("/") || typed.hasPrefix("./") || typed.hasPrefix("../") {
      return PlainAddress(absolute(typed))
    }
    var plain = PlainAddress(typed)
    guard let url = feedAddress(plain.address) else {
      throw Failure(
        .usage,
        "\(shown(typed)) is no web address. Write it like https://example.org/feed.xml."
      )
    }
    plain.address = url
    return plain
  }

  private func show(_ row: FeedRow, _ secrets: FeedSecrets?) throws {
    let settings = row.settings
    var lines = [
      ("id", row.id.description), ("url", row.url),
      (
        "title",
        row.ownTitle.map { "\($0) (the publisher's: \(row.sourceTitle ?? "none"))" } ?? row.title
      ),
      ("tags", row.tags.isEmpty ? "none" : row.tags.joined(separator: ", ")),
      ("interval", settings.intervalSeconds.map { spelled($0) } ?? "its own cadence"),
      ("user-agent", settings.userAgent ?? "Rill's"),
      ("http1.1", settings.isHTTP1Only ? "yes" : "no"),
    ]
    if let days = settings.keepDays {
      lines.append(("keeps days", days == 0 ? "all" : "\(days)"))
    }
    if let count = settings.keepArticles {
      lines.append(("keeps articles", count == 0 ? "all" : "\(count)"))
    }
    if let from = settings.movedFrom { lines.append(("moved from", from)) }
    if let refused = settings.refusedMove { lines.append(("never moves to", refused)) }
    if let secrets {
      lines.append(
        ("only for", secrets.origin + (secrets.isLeftOut(at: row.url) ? ", so not now" : ""))
      )
      if let user = secrets.user { lines.append(("user", user)) }
      switch secrets.password {
      case .text: lines.append(("password", "***"))
      case .command(let words):
        lines.append(("password", "by a command: \(words.first ?? "") ***"))
      case nil: break
      }
      for header in secrets.headers { lines.append(("header", "\(header.name): ***")) }
      if let proxy = secrets.proxy { lines.append(("proxy", shown(proxy))) }
      if secrets.acceptsAnyCertificate {
        lines.append(("insecure", "yes: any certificate is taken"))
      }
    }
    let cells = lines.map(\.0.utf8.count).max() ?? 0
    for (name, value) in lines {
      let gap = String(repeating: " ", count: cells - name.utf8.count + 2)
      Output.standard.line([Piece(name + gap, .dim), Piece(capped(value))])
    }
  }
}

/// A length of time as it is typed: `30m`, `12h`, `2d`, or in seconds.
func spelled(_ seconds: Int64) -> String {
  for (unit, size) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)] where seconds % size == 0 {
    return "\(seconds / size)\(unit)"
  }
  return "\(seconds)s"
}
