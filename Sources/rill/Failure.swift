import FeedModel
import FeedStore
import FeedSync

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
      case .noPermission, .readOnly:
        (.noPermission, "Nothing was changed. Check who owns it and its mode.")
      case .noSpace: (.inputOutput, "Nothing was changed. Free some space and run this again.")
      case .inputOutput, .gone, .refused, .lineTooLong:
        (.inputOutput, "What was reported before is safe.")
      case .syncIsRunning: (.alreadyRunning, "Wait for it to end; what it brings is yours too.")
      case .newerFormat: (.inputOutput, "Install a newer Rill on this machine.")
      case .lockUnsupported:
        (.inputOutput, "Put the state directory on a local disk with RILL_HOME or --home.")
      case .notAStore: (.inputOutput, "Name another place with --home, or move it away.")
      }
    self.init(status, "\(error) \(step)")
  }
}

/// Runs something of the library and turns its error into words.
func failing<Value>(_ body: () throws(LibraryError) -> Value) throws(Failure) -> Value {
  do { return try body() } catch { throw Failure(error) }
}

/// What a person can do about a feed that could not be read.
func nextStep(for failure: SyncFailure, url: String) -> String {
  switch failure {
  case .gone: "Stop following it with: rill remove \(url)"
  case .later: "It is asked again then."
  case .parse(.htmlPage): "If the feed has moved, find it with: rill add \(site(of: url))"
  case .parse: "Look at what came with: rill parse FILE"
  case .fetch(let failure):
    switch failure {
    case .nameNotFound, .connection: "Check the address and your network."
    case .timeout, .cutOff, .transfer, .empty: "It is asked again later."
    case .tls: "The site has to renew or correct its certificate."
    case .status(404, _), .status(410, _):
      "If the feed has moved, find it with: rill add \(site(of: url))"
    case .status(401, _), .status(403, _): "The site refuses Rill; ask its owner for access."
    case .status: "It is asked again later."
    case .tooLarge: "Raise the setting fetch.max-body-bytes if you trust this feed."
    case .file: "Check the path and its permissions."
    case .badURL, .scheme, .redirects, .badRedirect, .refusedAddress, .badEncoding:
      "The address has to be corrected by its owner, or replaced: rill remove \(url)"
    case .cancelled: "Run the command again."
    }
  }
}

private func site(of url: String) -> String {
  WebURL(url).map { $0.origin + "/" } ?? url
}
