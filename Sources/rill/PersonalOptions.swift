import FeedIndex
import FeedModel
import FeedSync

/// How each feed is asked, by what the credential file of this machine says.
///
/// What the store says for all machines, a sync adds itself.
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
    let plain = FetchOptions()
    guard let secrets = secrets[feed.id] else { return .success(plain) }
    return await options(plain, with: secrets, for: feed.url)
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
