import ArgumentParser
import FeedModel
import FeedSync

/// Options on how one feed is asked: for `rill add` and `rill set`.
///
/// What is harmless is kept in the store, for all machines that share it. What is secret or makes
/// the feed less safe stays in the credential file of this one.
struct AskingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ask so often, such as 30m, 12h or 2d; default: by its own cadence.",
      valueName: "time"
    )
  )
  var interval: String?
  @Option(
    name: .customLong("user-agent"),
    help: ArgumentHelp("Say this of who asks; default: what Rill says.", valueName: "text")
  )
  var userAgent: String?
  @Option(
    help: ArgumentHelp("Add a field to each request. May be repeated.", valueName: "name: value")
  )
  var header: [String] = []
  @Flag(name: .customLong("no-headers"), help: "Add no fields any more.")
  var dropsHeaders = false
  @Option(
    help: ArgumentHelp(
      "Log in as this user. The password is asked for, or read from standard input.",
      valueName: "name"
    )
  )
  var user: String?
  @Option(
    name: .customLong("password-command"),
    help: ArgumentHelp(
      "Take the password from the first line that this prints.",
      valueName: "command"
    )
  )
  var passwordCommand: String?
  @Flag(name: .customLong("no-credentials"), help: "Forget user and password.")
  var dropsCredentials = false
  @Flag(
    name: .customLong("http1.1"),
    inversion: .prefixedNo,
    help: "Do not speak HTTP/2 with its server."
  )
  var http1: Bool?
  @Option(help: ArgumentHelp("Go through this proxy; default: that of all.", valueName: "url"))
  var proxy: String?
  @Flag(
    name: .customLong("insecure"),
    inversion: .prefixedNo,
    help: "Take any certificate of its server. Others can then read and change what comes."
  )
  var insecure: Bool?

  func validate() throws {
    if let interval, interval != "default" { _ = try Self.seconds(interval) }
    if let userAgent, headerValue(userAgent) == nil {
      throw ValidationError("--user-agent cannot stand in a request. Write one line of text.")
    }
    if let bad = header.firstIndex(where: { HeaderField($0) == nil }) {
      // What follows the colon may be secret.
      let name = header[bad].prefix { $0 != ":" }.prefix(40)
      throw ValidationError(
        "--header \(name): this cannot be added. Write 'Name: value'; what Rill says itself, such "
          + "as Host, User-Agent or If-None-Match, is not taken."
      )
    }
    if let user, user.isEmpty || user.contains(":") || headerValue(user) == nil {
      throw ValidationError("--user is one line of text without a colon.")
    }
    if let passwordCommand, commandWords(passwordCommand)?.isEmpty ?? true {
      throw ValidationError("--password-command is empty, or a quote in it is left open.")
    }
    if dropsCredentials, user != nil || passwordCommand != nil {
      throw ValidationError("Choose one of --user and --no-credentials.")
    }
    if let proxy, proxy != "default", !isProxy(proxy) {
      throw ValidationError("--proxy is a URL such as http://proxy.example:3128 or default.")
    }
  }

  /// Something that is kept in the credential file is asked for.
  var touchesSecrets: Bool {
    !header.isEmpty || dropsHeaders || user != nil || passwordCommand != nil || dropsCredentials
      || proxy != nil || insecure != nil
  }

  /// What is to be kept in the store.
  func changes() throws -> [FeedChange] {
    var changes: [FeedChange] = []
    if let interval {
      changes.append(.interval(interval == "default" ? nil : try Self.seconds(interval)))
    }
    if let userAgent {
      changes.append(.userAgent(userAgent == "default" ? nil : headerValue(userAgent)))
    }
    if let http1 { changes.append(.http1Only(http1)) }
    return changes
  }

  /// The password that goes with `--user`, asked for where no command gives it.
  ///
  /// - Parameter place: What it is for, in words.
  /// - Returns: Nil when no user is named.
  /// - Throws: `Failure` when none is given.
  func password(for place: String) throws -> FeedSecrets.Password? {
    if let passwordCommand { return .command(commandWords(passwordCommand) ?? []) }
    guard let user else { return nil }
    if isATerminal(0) {
      guard let line = hiddenLine("Password of \(user) for \(place) (not shown): ") else {
        throw Failure(
          .usage,
          "No password was given. Nothing was changed. Type it when it is asked for, or name what prints it "
            + "with --password-command."
        )
      }
      return .text(line)
    }
    let bytes = try standardInput()
    guard !bytes.isEmpty else {
      throw Failure(
        .usage,
        "No password came on standard input. Nothing was changed. Write it there as one line, or name what "
          + "prints it with --password-command."
      )
    }
    return .text(firstLine(bytes))
  }

  /// What is to be kept in the credential file.
  ///
  /// - Parameters:
  ///   - old: What is kept now; what belongs to another origin is dropped, the proxy is not.
  ///   - origin: What it is for.
  ///   - password: What `password(for:)` gave.
  /// - Returns: What is to be kept.
  /// - Throws: `Failure` when a command is to give a password and nobody is to log in with it.
  func secrets(
    over old: FeedSecrets?,
    for origin: String,
    _ password: FeedSecrets.Password?
  ) throws -> FeedSecrets {
    var new = FeedSecrets(origin: origin)
    new.proxy = old?.proxy
    if let old, old.covers(origin) {
      new = old
      new.origin = origin
    }
    if dropsHeaders { new.headers = [] }
    for field in header.compactMap(HeaderField.init) {
      new.headers.removeAll { $0.name.lowercased() == field.name.lowercased() }
      new.headers.append(field)
    }
    if dropsCredentials { (new.user, new.password) = (nil, nil) }
    if let user { new.user = user }
    if let password { new.password = password }
    if new.password != nil, new.user == nil {
      throw Failure(.usage, "Say with --user who logs in with that password.")
    }
    if let proxy { new.proxy = proxy == "default" ? nil : proxy }
    if let insecure { new.acceptsAnyCertificate = insecure }
    return new
  }

  private static func seconds(_ text: String) throws -> Int64 {
    guard let seconds = QueryTime(text)?.seconds, (60...31_622_400).contains(seconds) else {
      throw ValidationError("--interval is a time from 1m to 366d, such as 30m, 12h or 2d.")
    }
    return seconds
  }
}

/// Whether a text is the URL of a proxy, of a kind that libcurl speaks to.
func isProxy(_ text: String) -> Bool {
  guard let url = WebURL(text), url.host?.isEmpty == false, text == url.text || url.path == "/"
  else { return false }
  return ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(url.scheme)
}
