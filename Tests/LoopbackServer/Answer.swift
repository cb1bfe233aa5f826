/// What the server does with one request: well-behaved, or as badly as a test needs it.
public struct Answer: Sendable {
  /// One thing that the server does.
  public enum Step: Sendable {
    /// Sends bytes.
    case send([UInt8])
    /// Sends the same bytes again and again until the client leaves, with a pause before each.
    case sendUntilClosed([UInt8], pauseMilliseconds: Int)
    /// Waits, but no longer than the client stays.
    case pause(milliseconds: Int)
    /// Says nothing until the client leaves.
    case hold
    /// Breaks the connection off with a reset.
    case reset
  }

  /// How the end of a body is told.
  public enum Framing: Sendable {
    /// By its length.
    case length
    /// By a length that need not be true.
    case claimed(Int)
    /// In chunks of this many bytes.
    case chunked(Int)
    /// By closing the connection.
    case close
  }

  /// What is done, in order.
  public var steps: [Step]
  /// The connection takes another request afterwards.
  public var keepsConnection: Bool

  /// Anything at all.
  public init(steps: [Step], keepsConnection: Bool = false) {
    self.steps = steps
    self.keepsConnection = keepsConnection
  }

  /// A response.
  ///
  /// - Parameters:
  ///   - status: The status code.
  ///   - fields: Header fields in the order in which they are sent; nothing is added but framing.
  ///   - body: The body; 204 and 304 have none.
  ///   - framing: How the end of the body is told.
  /// - Returns: An answer that keeps the connection where the framing allows it.
  public static func response(
    _ status: Int = 200,
    _ fields: [(String, String)] = [],
    body: some Sequence<UInt8>,
    framing: Framing = .length
  ) -> Answer {
    var body = Array(body)
    var lines = ["HTTP/1.1 \(status) \(reason(status))"] + fields.map { "\($0): \($1)" }
    var keepsConnection = true
    if status == 204 || status == 304 {
      body = []
    } else {
      switch framing {
      case .length: lines.append("Content-Length: \(body.count)")
      case .claimed(let count):
        lines.append("Content-Length: \(count)")
        keepsConnection = count == body.count
      case .chunked(let count):
        lines.append("Transfer-Encoding: chunked")
        body = chunked(body, count)
      case .close:
        lines.append("Connection: close")
        keepsConnection = false
      }
    }
    let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
    return Answer(steps: [.send(latin1(head) + body)], keepsConnection: keepsConnection)
  }

  /// A response with a text as its body.
  public static func response(
    _ status: Int = 200,
    _ fields: [(String, String)] = [],
    text: String = "",
    framing: Framing = .length
  ) -> Answer {
    response(status, fields, body: text.utf8, framing: framing)
  }

  /// A redirect.
  public static func redirect(_ status: Int = 302, to location: String) -> Answer {
    response(status, [("Location", location)], body: [])
  }

  /// These bytes, and then the end of the connection.
  public static func raw(_ text: String) -> Answer { Answer(steps: [.send(latin1(text))]) }

  /// No answer until the client leaves.
  public static let silence = Answer(steps: [.hold])

  /// Bytes from text: a scalar up to U+00FF is one byte, others are UTF-8.
  static func latin1(_ text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar in
      scalar.value <= 0xFF ? [UInt8(scalar.value)] : Array(String(scalar).utf8)
    }
  }

  private static func chunked(_ body: [UInt8], _ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: body.count, by: max(count, 1)) {
      let chunk = body[start..<min(start + max(count, 1), body.count)]
      bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
    }
    return bytes + Array("0\r\n\r\n".utf8)
  }

  private static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 410: "Gone"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    default: "Status"
    }
  }
}
