internal import CCurl

/// What the callbacks of one easy handle work on.
///
/// libcurl holds it unretained; `CurlHandle` keeps it alive for as long as the handle lives.
@safe final class CurlContext {
  private let library: CurlLibrary
  let easy: UnsafeMutableRawPointer
  let exchange: Exchange
  /// A byte of the body of the hop under way has come.
  var hasBody = false

  init(library: CurlLibrary, easy: UnsafeMutableRawPointer, exchange: Exchange) {
    self.library = library
    unsafe self.easy = easy
    self.exchange = exchange
  }

  /// The context that a callback was given.
  @unsafe static func of(_ opaque: UnsafeMutableRawPointer?) -> CurlContext? {
    guard let opaque = unsafe opaque else { return nil }
    return unsafe Unmanaged<CurlContext>.fromOpaque(opaque).takeUnretainedValue()
  }

  /// `CURLOPT_WRITEFUNCTION`: takes bytes of the body; any other count than given ends the
  /// transfer.
  @unsafe func write(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    if !hasBody {
      hasBody = true
      exchange.startBody(
        status: number(CURLINFO_RESPONSE_CODE),
        expectedBytes: bigNumber(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
      )
    }
    let isTaken = unsafe exchange.receive(UnsafeRawBufferPointer(start: bytes, count: count))
    // One less than given, and -1 would be a pause.
    return isTaken ? count : count == 0 ? 1 : 0
  }

  /// `CURLOPT_HEADERFUNCTION`: takes one line of a head.
  @unsafe func takeHeadLine(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let isTaken = unsafe exchange.receiveHead(UnsafeRawBufferPointer(start: bytes, count: count))
    return isTaken ? count : 0
  }

  /// `CURLOPT_OPENSOCKETFUNCTION`: opens a socket to an address that may be reached.
  @unsafe func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
    guard let address = unsafe address else { return CURL_SOCKET_BAD }
    let (family, type, number) = unsafe (
      address.pointee.family, address.pointee.socktype, address.pointee.protocol
    )
    // The C struct declares a short `sockaddr`; `addrlen` says how long this one really is.
    let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
    let bytes = unsafe UnsafeRawBufferPointer(
      start: UnsafeRawPointer(address) + offset,
      count: Int(address.pointee.addrlen)
    )
    let target = unsafe IPAddress(family: family, socketAddress: bytes)
    guard exchange.mayConnect(to: target) else { return CURL_SOCKET_BAD }
    return FeedFetch.openSocket(family: family, type: type, protocol: number)
  }

  /// `CURLOPT_PREREQFUNCTION`: lets a request go out on a connection, new or used.
  @unsafe func mayRequest(_ address: UnsafeMutablePointer<CChar>?) -> Bool {
    let text = unsafe address.map { unsafe String(cString: $0) }
    return exchange.mayRequest(from: text.flatMap(IPAddress.init))
  }

  /// A fact about the hop under way; `curl_easy_getinfo`.
  func number(_ what: CURLINFO) -> Int {
    var value = 0
    _ = unsafe rill_curl_easy_getinfo_long(library.easyGetinfo, easy, what, &value)
    return value
  }

  /// A fact about the hop under way; `curl_easy_getinfo`.
  func bigNumber(_ what: CURLINFO) -> Int {
    var value: curl_off_t = 0
    _ = unsafe rill_curl_easy_getinfo_off_t(library.easyGetinfo, easy, what, &value)
    return Int(value)
  }
}
