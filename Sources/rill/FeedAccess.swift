import FeedIndex
import FeedModel
import FeedSync

/// How feeds are asked that are about to be followed, and where that is kept.
struct FeedAccess {
  private let asking: AskingOptions
  private let password: FeedSecrets.Password?
  private let file: CredentialFile
  private let personal: PersonalOptions
  private let changes: [FeedChange]

  /// Takes over what was typed; the password is asked for once.
  init(
    _ asking: AskingOptions,
    to addresses: [TypedAddress],
    _ surroundings: Surroundings,
    _ settings: Settings
  ) throws {
    self.asking = asking
    file = surroundings.credentialFile
    personal = PersonalOptions([:], passwordSeconds: try settings.passwordSeconds())
    changes = try asking.changes()
    if asking.touchesSecrets, let path = addresses.first(where: { $0.kind == .file }) {
      throw Failure(
        .usage,
        "\(path.url) is a local file: it needs no password, header or proxy. Nothing was added."
      )
    }
    let places = Set(addresses.map { origin(of: $0.url) }).sorted()
    password = try asking.password(for: places.joined(separator: ", "))
  }

  /// What is secret in what was typed for an address; nil when nothing is.
  ///
  /// - Parameters:
  ///   - address: What was typed.
  ///   - old: What is kept already; what was not typed stays.
  ///   - place: The origin that it is for.
  /// - Returns: What is to be kept.
  /// - Throws: `Failure` when it cannot be used.
  private func secrets(
    for address: TypedAddress,
    over old: FeedSecrets? = nil,
    at place: String
  ) throws -> FeedSecrets? {
    guard asking.touchesSecrets || address.credentials != nil else { return nil }
    var secrets = try asking.secrets(over: old, for: place, password)
    if let credentials = address.credentials, asking.user == nil {
      (secrets.user, secrets.password) = (credentials.user, .text(credentials.password))
    }
    return secrets
  }

  /// How an address is asked.
  func options(for address: TypedAddress) async throws -> FetchOptions {
    var plain = FetchOptions()
    for change in changes {
      switch change {
      case .userAgent(let text): plain.userAgent = text
      case .http1Only(let isSo): plain.isHTTP1Only = isSo
      case .title, .url, .tag, .interval, .keepDays, .keepArticles: break
      }
    }
    guard let secrets = try secrets(for: address, at: origin(of: address.url)) else {
      return plain
    }
    switch await personal.options(plain, with: secrets, for: address.url) {
    case .success(let options): return options
    case .failure(let failure):
      throw Failure(.usage, "\(address.url): \(failure.reason) Nothing was added.")
    }
  }

  /// Keeps what is secret, before the feed is followed that it is for.
  ///
  /// What is kept for it already and was not typed stays, as with `rill set`.
  ///
  /// - Parameters:
  ///   - address: What was typed.
  ///   - feed: The id of the feed.
  ///   - url: Where the feed is.
  /// - Throws: `Failure` when the credential file cannot be read or written.
  func keep(for address: TypedAddress, feed: FeedID, at url: String) throws {
    guard let secrets = try secrets(for: address, at: origin(of: address.url)) else { return }
    if secrets.isLeftOut(at: url) {
      Output.error.line(
        "What you gave is for \(secrets.origin), and the feed is elsewhere: it was not kept."
      )
      guard asking.proxy != nil else { return }
      try file.update(feed) { old in
        var way = old ?? FeedSecrets(origin: origin(of: url))
        way.proxy = secrets.proxy
        return way
      }
      return
    }
    try file.update(feed) { old in
      try self.secrets(for: address, over: old, at: origin(of: url))
    }
    if address.credentials != nil, asking.user == nil {
      Output.error.line(CredentialFile.notice(file.path))
    }
    if url.hasPrefix("http:"), secrets.user != nil || !secrets.headers.isEmpty {
      Output.error.line(
        "\(secrets.origin) has no encryption: all between you and it can read what is sent."
      )
    }
  }

  /// Writes what is kept in the store.
  func set(_ feeds: [FeedID], _ library: Library, in act: Act, now: Timestamp) throws {
    guard !changes.isEmpty else { return }
    let wanted = Set(feeds)
    try failing { () throws(LibraryError) in
      for feed in try library.feeds() where wanted.contains(feed.id) {
        _ = try library.change(feed, changes, in: act, now: now)
      }
    }
  }
}
