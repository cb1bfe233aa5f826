/// One hop while libcurl carries it out: what may be reached, and what has come.
///
/// Lives on the thread of the loop and never leaves it.
final class Exchange {
  private let addresses: AddressGuard
  private let bytesMax: Int
  private var place = HostPort(host: "", port: 0)
  private var standing = AddressGuard.Standing.led
  private var given: [IPAddress]?
  private var usesProxy = false
  private var keepsBody = true
  private var bodyMax = 0
  private var download: Download?
  private var body = BoundedBytes(bytesMax: 0, expected: 0)

  /// The head as far as it has come.
  private(set) var head = ResponseHead()
  /// The heads of this hop are longer than any server needs.
  private(set) var isHeadTooLong = false
  private var headBytes = 0
  /// Bytes of the body that have come.
  private(set) var wireBytes = 0
  /// Bytes of head and body that have come: it grows with all that comes.
  var bytesReceived: Int { headBytes + wireBytes }
  /// More bytes came than the limit.
  private(set) var isTooLarge = false
  /// What answered; nil behind a proxy.
  private(set) var address: IPAddress?
  /// What might have been reached and was refused.
  private(set) var refused: IPAddress?

  /// Nothing is under way yet.
  ///
  /// - Parameters:
  ///   - addresses: Which addresses may be reached.
  ///   - bytesMax: The longest body in bytes.
  init(addresses: AddressGuard, bytesMax: Int) {
    self.addresses = addresses
    self.bytesMax = bytesMax
  }

  /// Forgets the hop before and starts another.
  ///
  /// - Parameters:
  ///   - hop: What is asked for.
  ///   - standing: How the request stands, in the light of what is known of the host.
  ///   - given: The addresses of its host when they are given.
  func start(_ hop: HopRequest, standing: AddressGuard.Standing, given: [IPAddress]?) {
    place = hop.place
    self.standing = standing
    self.given = given
    usesProxy = hop.usesProxy
    download = hop.download
    head = ResponseHead()
    headBytes = 0
    isHeadTooLong = false
    _ = body.take()
    wireBytes = 0
    isTooLarge = false
    address = nil
    refused = nil
  }

  /// Takes a line of a head.
  ///
  /// - Returns: False when it is too much and the transfer must end.
  func receiveHead(_ line: UnsafeRawBufferPointer) -> Bool {
    headBytes += line.count
    // libcurl has the same limit, but not in every version.
    guard headBytes <= Self.headBytesMax else {
      isHeadTooLong = true
      return false
    }
    unsafe head.take(line)
    return true
  }

  private static let headBytesMax = 300 << 10

  /// The first byte of a body is about to come.
  ///
  /// Of an error page only the beginning is ever shown, and of a redirect nothing.
  ///
  /// - Parameters:
  ///   - status: The status code.
  ///   - expectedBytes: The declared length; 0 or less when there is none.
  func startBody(status: Int, expectedBytes: Int) {
    let isDocument = (200..<300).contains(status)
    if let download, isDocument {
      bodyMax = bytesMax
      download.begin(status: status, fields: head.fields, expectedBytes: expectedBytes)
      return
    }
    // What follows is an error page, or nothing.
    download = nil
    keepsBody = isDocument || status >= 400
    bodyMax = isDocument ? bytesMax : min(bytesMax, 65_536)
    // A declared length is a hint that costs nothing to send: no more is taken at its word than
    // a body usually has.
    body = BoundedBytes(bytesMax: bodyMax, expected: keepsBody ? min(expectedBytes, 16 << 20) : 0)
  }

  /// Takes a part of the body.
  ///
  /// - Returns: False when it is too much and the transfer must end.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    wireBytes += bytes.count
    guard wireBytes <= bodyMax else {
      isTooLarge = true
      return false
    }
    if let download { return unsafe download.take(bytes) }
    return unsafe !keepsBody || body.append(bytes)
  }

  /// The body, which is then no longer here.
  func takeBody() -> [UInt8] { body.take() }

  /// Whether a socket may be opened to an address.
  ///
  /// To a proxy that a person chose it may: its address says nothing of where it leads.
  func mayConnect(to address: IPAddress?) -> Bool {
    if usesProxy { return true }
    if let given, let address, given.contains(address) { return true }
    guard let address, addresses.allows(address, for: place, standing: standing) else {
      refused = address
      return false
    }
    return true
  }

  /// Whether the request may be sent to what a connection, new or used, leads to.
  func mayRequest(from address: IPAddress?) -> Bool {
    guard mayConnect(to: address) else { return false }
    self.address = usesProxy ? nil : address
    return true
  }
}
