public import FeedModel
import Synchronization

/// Downloads feeds: many side by side, never two from one host at a time.
///
/// One thread of its own carries out all transfers and keeps connections, names and TLS sessions
/// for the next. It ends with `stop`, or with the fetcher.
public final class Fetcher: Sendable {
  private let configuration: LoopConfiguration
  let mailbox: Mailbox
  private let thread: Mutex<SystemThread?>

  /// Loads libcurl, when this is the first fetcher of the process, and starts the thread.
  ///
  /// - Parameter settings: They hold for every request.
  /// - Throws: `FetchSetupError` when libcurl is missing or a setting cannot be used.
  public init(settings: FetchSettings) throws(FetchSetupError) {
    let configuration = try LoopConfiguration(settings)
    let library = try CurlLibrary.load()
    let mailbox = Mailbox()
    self.configuration = configuration
    self.mailbox = mailbox
    do {
      let thread = try SystemThread {
        let loop = TransferLoop(
          library: library,
          configuration: configuration,
          mailbox: mailbox
        )
        loop?.run()
        // Without memory for a loop everything ends as cancelled.
        if loop == nil { mailbox.refuseAll() }
      }
      self.thread = Mutex(thread)
    } catch {
      throw .thread(errno: error.code)
    }
  }

  deinit { stop() }

  /// Fetches one document.
  ///
  /// It waits for its turn: for a place in the window and for its host to be free. Redirects are
  /// followed, each in its turn at its own host. Cancelling the task ends the transfer.
  ///
  /// - Parameter request: What to ask for, and what is known of it.
  /// - Returns: What became of it. Neither user nor password of a URL is ever part of it.
  public func fetch(_ request: FetchRequest) async -> FetchOutcome {
    let settings = configuration.settings
    if request.url.hasPrefix("/") {
      guard request.isTyped else { return .failed(.refusedFile(path: request.url), nil) }
      return readLocalFile(request, bytesMax: settings.decodedBytesMax)
    }
    var walk: RedirectWalk
    switch RedirectWalk.start(request, configuration) {
    case .success(let start): walk = start
    case .failure(let failure): return .failed(failure, nil)
    }
    while true {
      let result = await mailbox.carryOut(walk.hop)
      if let outcome = walk.advance(result) { return outcome }
    }
  }

  /// Fetches a file, however long, piece by piece.
  ///
  /// The same guards hold as for a document: addresses, redirects, certificates, the limit on the
  /// wire, and the least speed.
  ///
  /// - Parameters:
  ///   - request: What to ask for; validators are not sent.
  ///   - download: Where the bytes go, and what is there already. Used once.
  /// - Returns: Nil when all of it came; else what came of it instead.
  public func fetch(_ request: FetchRequest, to download: Download) async -> FetchOutcome? {
    var walk: RedirectWalk
    switch RedirectWalk.start(request, configuration, download: download) {
    case .success(let start): walk = start
    case .failure(let failure): return .failed(failure, nil)
    }
    while true {
      let result = await mailbox.carryOut(walk.hop)
      if download.hasBegun, result.end == .complete { return nil }
      if let outcome = walk.advance(result) { return outcome }
    }
  }

  /// How many requests are set aside, since they have brought nothing for a while.
  ///
  /// So many more may be asked for than the window holds.
  public var asideCount: Int { mailbox.asideCount }

  /// Follows no redirect to hosts any more, for they want to be left alone.
  ///
  /// A host that answers 429 is one of them from then on. Whether such a host is asked first is for
  /// the caller to say.
  ///
  /// - Parameter hosts: Their names, as in URLs, in lower case.
  public func leaveAlone(_ hosts: Set<String>) {
    mailbox.leaveAlone(hosts)
  }

  /// Ends all transfers as cancelled and waits for the thread to end, which takes milliseconds.
  ///
  /// Afterwards every request is cancelled. Calling it again does nothing.
  public func stop() {
    mailbox.stop()
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }
}
