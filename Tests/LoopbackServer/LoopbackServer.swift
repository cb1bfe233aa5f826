import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 for tests and demonstrations.
///
/// It listens on a free port from the moment it is made, answers each connection on a thread of
/// its own, and remembers every request. It stops with `stop` or when it is let go.
public final class LoopbackServer: Sendable {
  private let core: ServerCore
  /// Where it listens.
  public let port: Int

  /// Starts to listen.
  ///
  /// - Parameter answer: What to do with a request. It is called on the thread of the connection
  ///   and may block.
  /// - Throws: `SocketError` when no socket can be had.
  public init(_ answer: @escaping @Sendable (ServedRequest) -> Answer) throws(SocketError) {
    let (listener, port) = try Sockets.listen()
    let core = ServerCore(listener: listener, answer: answer)
    self.core = core
    self.port = port
    Sockets.startThread { core.acceptConnections() }
  }

  deinit { core.stop() }

  /// `127.0.0.1:PORT`.
  public var place: String { "127.0.0.1:\(port)" }

  /// The URL of a path that begins with a slash.
  public func url(_ path: String) -> String { "http://\(place)\(path)" }

  /// What was asked so far, in the order in which the heads were complete.
  public var requests: [ServedRequest] { core.state.withLock { $0.requests } }

  /// How many connections were made so far.
  public var connectionCount: Int { core.state.withLock { $0.connectionCount } }

  /// The most requests that were being answered at one moment.
  public var requestsAtOnceMax: Int { core.state.withLock { $0.atOnceMax } }

  /// Ends all connections and takes no more.
  public func stop() { core.stop() }
}

/// What the threads of a server share; they do not keep the server itself alive.
final class ServerCore: Sendable {
  struct State {
    var listener: Int32?
    var connections: Set<Int32> = []
    var connectionCount = 0
    var requests: [ServedRequest] = []
    var atOnce = 0
    var atOnceMax = 0
  }

  let state: Mutex<State>
  let answer: @Sendable (ServedRequest) -> Answer

  init(listener: Int32, answer: @escaping @Sendable (ServedRequest) -> Answer) {
    state = Mutex(State(listener: listener))
    self.answer = answer
  }

  /// Takes connections until the server stops.
  func acceptConnections() {
    guard let listener = state.withLock({ $0.listener }) else { return }
    while let descriptor = Sockets.accept(listener) {
      let number = state.withLock { state -> Int? in
        guard state.listener != nil else { return nil }
        state.connections.insert(descriptor)
        state.connectionCount += 1
        return state.connectionCount
      }
      guard let number else {
        Sockets.close(descriptor)
        break
      }
      Sockets.startThread { [self] in
        ServedConnection(core: self, descriptor: descriptor, number: number).serve()
        // Under the lock, so that `stop` never names a descriptor that is already another's.
        state.withLock { state in
          state.connections.remove(descriptor)
          Sockets.close(descriptor)
        }
      }
    }
    Sockets.close(listener)
  }

  func stop() {
    state.withLock { state in
      // The thread that accepts closes the socket once it is awake.
      if let listener = state.listener { Sockets.shutDown(listener) }
      state.listener = nil
      for descriptor in state.connections { Sockets.shutDown(descriptor) }
    }
  }
}

/// A port of 127.0.0.1 that nobody listens on at this moment.
///
/// - Throws: `SocketError` when no socket can be had.
public func freePort() throws(SocketError) -> Int {
  let (descriptor, port) = try Sockets.listen()
  Sockets.close(descriptor)
  return port
}
