import FeedIndex
import FeedModel
import FeedStore
import FeedSync
import FeedText

/// How the program ends (sysexits.h, and what a script needs beyond it).
enum ExitStatus: Int32 {
  case someFailed = 1
  case usage = 64
  case notAFeed = 65
  case storeMissing = 66
  case allFailed = 69
  case inputOutput = 74
  case alreadyRunning = 75
  case noPermission = 77
}

/// Something that ends the command: a sentence with the next step, and the exit status.
struct Failure: Error {
  var status: ExitStatus
  var message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// A library that cannot be opened or written, with what to do about it.
  init(_ error: LibraryError) {
    switch error {
    case .store(let error): self.init(error)
    case .index(let error):
      self.init(.inputOutput, "\(error) Delete the cache directory; it is built anew.")
    }
  }

  private init(_ error: StoreError) {
    let (status, step): (ExitStatus, String) =
      switch error {
      case .missing: (.storeMissing, "Or name another place with --home.")
      case .noPermission:
        (.noPermission, "Nothing was changed. Check who owns it and its mode.")
      case .readOnly:
        (.noPermission, "Nothing was changed. Mount it so that it can be written.")
      case .noSpace: (.inputOutput, "Nothing was changed. Free some space and run this again.")
      case .gone:
        (.inputOutput, "It was there before: restore it, or delete the cache directory.")
      case .inputOutput, .refused, .lineTooLong:
        (.inputOutput, "What was reported before is safe. See what is wrong with: rill doctor")
      case .syncIsRunning: (.alreadyRunning, "Wait for it to end; what it brings is yours too.")
      case .newerFormat: (.inputOutput, "Install a newer Rill on this machine.")
      case .lockUnsupported:
        (.inputOutput, "Put the state directory on a local disk with RILL_HOME or --home.")
      case .notAStore(let path) where path.hasSuffix("/store.json"):
        (
          .inputOutput,
          "Articles and marks stand in dev beside it. Restore that one file from a copy or from another machine."
        )
      case .notAStore: (.inputOutput, "Name another place with --home, or move it away.")
      }
    self.init(status, "\(error) \(step)")
  }
}

/// The index turned out to be damaged after it was opened: it has to go, and the command begin
/// anew.
struct DamagedIndex: Error {}

/// Runs something of the library and turns its error into words.
func failing<Value>(_ body: () throws(LibraryError) -> Value) throws -> Value {
  do { return try body() } catch { throw words(for: error) }
}

/// What is thrown to the program's end for an error of the library.
func words(for error: LibraryError) -> any Error {
  if case .index(let error) = error, error.isDamage { return DamagedIndex() }
  return Failure(error)
}

/// What a person can do about a feed that could not be read.
///
/// - Parameters:
///   - failure: What went wrong.
///   - url: The address that was asked.
///   - isFollowed: It is a feed that is followed, and not one that was about to be.
/// - Returns: One sentence.
func nextStep(for failure: SyncFailure, url: String, isFollowed: Bool) -> String {
  let later =
    isFollowed
    ? "It is asked again later."
    : "Try again later, or follow it unread with: rill add --no-sync \(quoted(url))"
  let correction =
    isFollowed
    ? "If it stays so, stop following it with: rill remove \(quoted(url))"
    : "Check the address."
  switch failure {
  case .gone:
    return isFollowed ? "Stop with: rill remove \(quoted(url))" : "Look for its successor."
  case .later: return isFollowed ? "It is asked again then." : later
  case .options: return "Set it right with: rill set \(quoted(url))"
  case .page(let kind?): return nextStep(at: kind, of: url, isFollowed: isFollowed)
  case .parse(.htmlPage), .page:
    return "If the feed has moved, find it with: rill add \(quoted(site(of: url)))"
  case .parse(.empty): return later
  case .parse(.notAFeed(let root)) where root.lowercased() == "opml":
    return isFollowed ? correction : "Follow the feeds that it names: rill import FILE"
  case .parse: return "See what is wrong with: rill parse FILE"
  case .fetch(let failure):
    switch failure {
    case .nameNotFound, .connection: return "Check the address and your network."
    case .timeout, .cutOff, .transfer, .empty, .badEncoding, .cancelled, .pausedHost:
      return later
    case .tls:
      return isFollowed
        ? "The site has to renew or correct its certificate. Only if it is your own: "
          + "rill set \(quoted(url)) --insecure"
        : "The site has to renew or correct its certificate."
    case .status(401, _):
      return isFollowed
        ? "If you have an account there, log in: rill set \(quoted(url)) --user NAME"
        : "If you have an account there, log in: rill add \(quoted(url)) --user NAME"
    case .status(404, _):
      return "If the feed has moved, find it with: rill add \(quoted(site(of: url)))"
    case .status(403, _), .status(451, _), .challenge:
      return "The site refuses Rill; ask its owner for access."
    case .status: return later
    case .tooLarge:
      return "If you trust this feed, raise fetch.max-body-bytes or fetch.max-decoded-bytes."
    case .file: return "Check the path and its permissions."
    case .refusedAddress: return "If that is wanted, name it in fetch.allow-addresses."
    case .refusedFile: return "If that is wanted, add it here: rill add \(quoted(url))"
    case .badURL, .scheme, .redirects, .badRedirect: return correction
    }
  }
}

/// What a person can do about a page that stands where a feed was looked for.
func nextStep(at kind: PageKind, of url: String, isFollowed: Bool) -> String {
  switch kind {
  case .login:
    return "Look with a browser for the feed's own address. If that wants a password: "
      + "rill \(isFollowed ? "set \(quoted(url))" : "add \(quoted(url))") --user NAME"
  case .challenge: return "The site refuses Rill; ask its owner for access to the feed."
  case .captivePortal: return "Log in to the network with a browser, and try again."
  case .consent where WebURL(url)?.host?.contains("youtu") == true:
    return "Add the channel by its id, which its page shows under \"Share\": "
      + "rill add https://www.youtube.com/channel/UC..."
  case .consent: return "Look with a browser for the feed's own address, and add that."
  case .notFound: return isFollowed ? "It is asked again later." : "Check the address."
  case .parked: return "Look for where the site has gone."
  }
}

/// A word as a shell takes it.
func quoted(_ word: String) -> String {
  let isPlain = word.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "-._~:/@%+=,".utf8.contains(byte)
  }
  return isPlain
    ? word
    : "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
}

private func site(of url: String) -> String {
  WebURL(url).map { $0.origin + "/" } ?? url
}
