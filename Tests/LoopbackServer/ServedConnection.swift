import Synchronization

/// One connection of a server, from its first byte to its last.
struct ServedConnection {
  let core: ServerCore
  let descriptor: Int32
  let number: Int

  /// Answers requests until one of the two sides ends the connection.
  func serve() {
    var buffer: [UInt8] = []
    while let request = nextRequest(&buffer) {
      core.state.withLock { state in
        state.requests.append(request)
        state.atOnce += 1
        state.atOnceMax = max(state.atOnceMax, state.atOnce)
      }
      let answer = core.answer(request)
      let isAlive = carryOut(answer, isHead: request.method == "HEAD")
      guard isAlive, answer.keepsConnection,
        request.field("Connection")?.lowercased() != "close"
      else { return }
    }
  }

  private func nextRequest(_ buffer: inout [UInt8]) -> ServedRequest? {
    while true {
      if let end = buffer.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A])?.upperBound {
        let head = ServedRequest(head: Array(buffer[..<end]), connection: number)
        guard var request = head else { return nil }
        let length = request.field("Content-Length").flatMap { Int($0) } ?? 0
        guard (0...1_048_576).contains(length) else { return nil }
        while buffer.count < end + length {
          guard let bytes = Sockets.receive(descriptor) else { return nil }
          buffer += bytes
        }
        request.body = Array(buffer[end..<(end + length)])
        buffer.removeFirst(end + length)
        return request
      }
      // What begins with no letter is no HTTP but perhaps TLS, and its sender waits for an answer.
      if let first = buffer.first, !(0x41...0x5A).contains(first & 0xDF) { return nil }
      guard buffer.count < 1_048_576, let bytes = Sockets.receive(descriptor) else { return nil }
      buffer += bytes
    }
  }

  /// Does what an answer says; false when the connection is over.
  private func carryOut(_ answer: Answer, isHead: Bool) -> Bool {
    // The request counts as answered just before its last bytes leave: a client may send its next
    // one, elsewhere, as soon as it has them.
    var isCounted = true
    func uncount() {
      guard isCounted else { return }
      isCounted = false
      core.state.withLock { $0.atOnce -= 1 }
    }
    defer { uncount() }
    for (index, step) in answer.steps.enumerated() {
      if index == answer.steps.count - 1 { uncount() }
      switch step {
      case .send(var bytes):
        if isHead, let end = bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A])?.upperBound {
          bytes = Array(bytes[..<end])
        }
        guard Sockets.send(descriptor, bytes) else { return false }
      case .sendUntilClosed(let bytes, let milliseconds):
        while Sockets.wait(descriptor, milliseconds: Int32(milliseconds)),
          Sockets.send(descriptor, bytes)
        {}
        return false
      case .pause(let milliseconds):
        guard Sockets.wait(descriptor, milliseconds: Int32(milliseconds)) else { return false }
      case .hold:
        _ = Sockets.wait(descriptor, milliseconds: -1)
        return false
      case .reset:
        Sockets.resetOnClose(descriptor)
        return false
      }
    }
    return true
  }
}
