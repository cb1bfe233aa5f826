import FeedIndex
import FeedModel
import FeedSync

/// How each feed is asked, by what the person set: in the store for all machines, and in the
/// credential file for this one.
struct PersonalOptions: Sendable {
  private let secrets: [FeedID: FeedSecrets]
  private let commands: PasswordCommands

  /// Takes over what is set.
  ///
  /// - Parameters:
  ///   - secrets: What the credential file holds.
  ///   - passwordSeconds: How long a command may take to give a password.
  init(_ secrets: [FeedID: FeedSecrets], passwordSeconds: Int) {
    self.secrets = secrets
    commands = PasswordCommands(seconds: passwordSeconds)
  }

  /// How a feed is asked.
  ///
  /// What belongs to another origin is left out. A proxy is not: it belongs to the way, and without
  /// it the person would be seen.
  func options(for feed: FeedRow) async -> Result<FetchOptions, FetchOptionsError> {
    var options = FetchOptions()
    options.userAgent = feed.settings.userAgent.flatMap(headerValue)
    options.isHTTP1Only = feed.settings.isHTTP1Only
    guard let secrets = secrets[feed.id] else { return .success(options) }
    return await self.options(options, with: secrets, for: feed.url)
  }

  /// The same for an address that is not followed yet.
  func options(
    _ plain: FetchOptions,
    with secrets: FeedSecrets,
    for url: String
  ) async -> Result<FetchOptions, FetchOptionsError> {
    var options = plain
    options.proxy = secrets.proxy
    guard secrets.covers(url) else { return .success(options) }
    options.headers = secrets.headers
    options.acceptsAnyCertificate = secrets.acceptsAnyCertificate
    guard let user = secrets.user else { return .success(options) }
    switch secrets.password {
    case .text(let password): options.credentials = Credentials(user: user, password: password)
    case .command(let command):
      switch await commands.password(from: command) {
      case .success(let password):
        options.credentials = Credentials(user: user, password: password)
      case .failure(let failure):
        return .failure(
          FetchOptionsError("The command that gives the password \(failure.reason).")
        )
      }
    case nil: options.credentials = Credentials(user: user, password: "")
    }
    return .success(options)
  }
}
