import FeedModel

internal import CCurl

/// Owns one libcurl easy handle, which carries out one hop after another.
///
/// Freed exactly once, when the value dies. It belongs to the thread of the loop.
@safe struct CurlHandle: ~Copyable {
  private let library: CurlLibrary
  private let context: CurlContext
  private let errorText: UnsafeMutablePointer<CChar>
  private let settings: FetchSettings
  // What is set now; most hops have the same as the one before.
  private var options = FetchOptions()
  private var totalMilliseconds = 0
  private var needsNewConnection = false
  // libcurl does not copy lists: they live until the next hop replaces them.
  private var headerLines: CurlLibrary.List?
  private var givenAddresses: CurlLibrary.List?
  /// The hop under way tells libcurl the addresses of its place.
  var tellsAddresses: Bool { unsafe givenAddresses != nil }

  /// The C pointer, for `CurlMulti` alone.
  @unsafe var pointer: UnsafeMutableRawPointer { unsafe context.easy }

  /// What the hop under way has brought so far.
  var exchange: Exchange { context.exchange }

  /// Makes a handle and sets what is the same for every hop; nil when memory is short.
  ///
  /// The corresponding C functions are `curl_easy_init` and `curl_easy_setopt`.
  init?(library: CurlLibrary, configuration: LoopConfiguration, share: borrowing CurlShare) {
    guard let easy = unsafe library.easyInit() else { return nil }
    self.library = library
    settings = configuration.settings
    context = unsafe CurlContext(
      library: library,
      easy: easy,
      exchange: Exchange(addresses: configuration.addresses, bytesMax: settings.wireBytesMax)
    )
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    unsafe set(CURLOPT_ERRORBUFFER, pointer: errorText)
    unsafe set(CURLOPT_SHARE, pointer: share.pointer)
    setConstants(caFile: configuration.caFile)
    setOptions()
    setCallbacks()
  }

  deinit {
    unsafe library.easyCleanup(context.easy)
    unsafe library.listFree(headerLines)
    unsafe library.listFree(givenAddresses)
    unsafe errorText.deallocate()
  }

  /// Sets what a hop asks for, and forgets the hop before.
  ///
  /// - Parameters:
  ///   - hop: What to ask for.
  ///   - standing: How the request stands, in the light of what is known of the host.
  ///   - given: The addresses of its host when they are given and not looked up.
  ///   - isNew: libcurl has not been told these addresses yet.
  mutating func prepare(
    _ hop: HopRequest,
    standing: AddressGuard.Standing,
    given: [IPAddress]?,
    isNew: Bool
  ) {
    context.exchange.start(hop, standing: standing, given: given)
    context.hasBody = false
    unsafe errorText[0] = 0
    set(CURLOPT_URL, string: hop.urlText)
    if hop.totalMilliseconds != totalMilliseconds {
      totalMilliseconds = hop.totalMilliseconds
      set(CURLOPT_TIMEOUT_MS, long: totalMilliseconds)
    }
    if hop.needsNewConnection != needsNewConnection {
      needsNewConnection = hop.needsNewConnection
      set(CURLOPT_FRESH_CONNECT, long: needsNewConnection ? 1 : 0)
    }
    if hop.options != options {
      options = hop.options
      setOptions()
    }
    let lines = unsafe list(hop.headerLines)
    unsafe set(CURLOPT_HTTPHEADER, list: lines)
    unsafe library.listFree(headerLines)
    unsafe headerLines = lines
    guard isNew || tellsAddresses else { return }
    let entry = given.map { "\(hop.place):" + $0.map(\.host).joined(separator: ",") }
    let entries = unsafe list(isNew ? [entry ?? ""] : [])
    unsafe set(CURLOPT_RESOLVE, list: entries)
    unsafe library.listFree(givenAddresses)
    unsafe givenAddresses = entries
  }

  /// What the hop has brought, once libcurl has reported its end.
  ///
  /// The corresponding C function is `curl_easy_getinfo`.
  func result(_ code: CurlCode) -> HopResult {
    let exchange = context.exchange
    var result = HopResult(end: code.end)
    if exchange.isTooLarge { result.end = .tooLarge }
    if result.end != .complete { result.detail = detail(code) }
    if exchange.isHeadTooLong {
      result.end = .cutOff
      result.detail = "The head is longer than 300 KB"
    }
    // An interim response without a final one is none.
    let status = context.number(CURLINFO_RESPONSE_CODE)
    result.status = status < 200 ? 0 : status
    // A proxy that makes no tunnel: libcurl calls it a broken connection.
    if result.end == .cutOff, result.status == 0, context.number(CURLINFO_HTTP_CONNECTCODE) >= 300 {
      result.end = .connection
    }
    result.elapsedMilliseconds = context.bigNumber(CURLINFO_TOTAL_TIME_T) / 1000
    result.isOnUsedConnection = context.number(CURLINFO_NUM_CONNECTS) == 0
    result.address = exchange.address
    result.refused = exchange.refused
    result.wireBytes = exchange.wireBytes
    result.body = exchange.takeBody()
    if result.status > 0 { result.fields = exchange.head.fields }
    return result
  }

  private func detail(_ code: CurlCode) -> String {
    let text =
      unsafe errorText[0] != 0
      ? unsafe String(cString: errorText)
      : unsafe library.easyStrerror(code.value).map { unsafe String(cString: $0) } ?? ""
    let end = text.lastIndex { !$0.isWhitespace && $0 != "." }
    return end.map { String(text[...$0]) } ?? ""
  }

  // MARK: Options

  private func setConstants(caFile: String?) {
    set(CURLOPT_HTTPGET, long: 1)
    // Nobody waits for a connection that is being made: the queue lets only one at a time ask for a
    // host, and behind a proxy one host that hangs would hold up all others.
    set(CURLOPT_PIPEWAIT, long: 0)
    set(CURLOPT_HTTP09_ALLOWED, long: 0)
    set(CURLOPT_FOLLOWLOCATION, long: 0)
    set(CURLOPT_PROTOCOLS_STR, string: "http,https")
    set(CURLOPT_REDIR_PROTOCOLS_STR, string: "http,https")
    set(CURLOPT_PATH_AS_IS, long: 1)
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, long: 1)
    set(CURLOPT_NOPROXY, string: "")
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, long: 1)
    set(CURLOPT_NETRC, long: 0)
    set(CURLOPT_UNRESTRICTED_AUTH, long: 0)
    set(CURLOPT_HTTPAUTH, long: 1)  // CURLAUTH_BASIC, a macro that Swift cannot read
    if let caFile { set(CURLOPT_CAINFO, string: caFile) }
    // With a directory of certificates libcurl reads all of them again for each connection.
    set(CURLOPT_CAPATH, string: nil)
    set(CURLOPT_CA_CACHE_TIMEOUT, long: 86_400)
    set(CURLOPT_NOSIGNAL, long: 1)
    // Otherwise a timeout waits for the thread that looks the name up, and with it all others.
    set(CURLOPT_QUICK_EXIT, long: 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, long: settings.connectMilliseconds)
    set(CURLOPT_LOW_SPEED_LIMIT, long: settings.lowSpeedBytesPerSecond)
    set(CURLOPT_LOW_SPEED_TIME, long: settings.lowSpeedSeconds)
    set(CURLOPT_MAXAGE_CONN, long: settings.idleSeconds)
    // The same for every request, since entity tags differ by encoding. The bytes stay as they
    // come: libcurl takes cut gzip for complete and refuses what is merely labelled wrongly.
    set(CURLOPT_ACCEPT_ENCODING, string: "gzip, deflate, br, zstd")
    set(CURLOPT_HTTP_CONTENT_DECODING, long: 0)
    _ = unsafe rill_curl_easy_setopt_off_t(
      library.easySetopt,
      context.easy,
      CURLOPT_MAXFILESIZE_LARGE,
      curl_off_t(settings.wireBytesMax)
    )
  }

  /// Sets what may differ between feeds.
  ///
  /// libcurl lends no connection and no TLS session to a request with another check of
  /// certificates, and no connection to one with another proxy.
  private func setOptions() {
    set(CURLOPT_USERAGENT, string: options.userAgent ?? settings.userAgent)
    set(
      CURLOPT_HTTP_VERSION,
      long: options.isHTTP1Only ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
    )
    set(CURLOPT_USERNAME, string: options.credentials?.user)
    set(CURLOPT_PASSWORD, string: options.credentials?.password)
    // An empty text switches off what the environment says; nil would not.
    let proxy = Proxy(options.proxy ?? settings.proxy ?? "")
    set(CURLOPT_PROXY, string: proxy.address)
    set(CURLOPT_PROXYUSERNAME, string: proxy.credentials?.user)
    set(CURLOPT_PROXYPASSWORD, string: proxy.credentials?.password)
    set(CURLOPT_SSL_VERIFYPEER, long: options.acceptsAnyCertificate ? 0 : 1)
    set(CURLOPT_SSL_VERIFYHOST, long: options.acceptsAnyCertificate ? 0 : 2)
  }

  private func setCallbacks() {
    let opaque = unsafe Unmanaged.passUnretained(context).toOpaque()
    let (function, easy) = unsafe (library.easySetopt, context.easy)
    unsafe set(CURLOPT_WRITEDATA, pointer: opaque)
    _ = unsafe rill_curl_easy_setopt_write(function, easy, CURLOPT_WRITEFUNCTION) {
      bytes,
      size,
      count,
      context in
      unsafe CurlContext.of(context)?.write(bytes, size * count) ?? 0
    }
    unsafe set(CURLOPT_HEADERDATA, pointer: opaque)
    _ = unsafe rill_curl_easy_setopt_write(function, easy, CURLOPT_HEADERFUNCTION) {
      bytes,
      size,
      count,
      context in
      unsafe CurlContext.of(context)?.takeHeadLine(bytes, size * count) ?? 0
    }
    unsafe set(CURLOPT_OPENSOCKETDATA, pointer: opaque)
    _ = unsafe rill_curl_easy_setopt_opensocket(function, easy, CURLOPT_OPENSOCKETFUNCTION) {
      context,
      _,
      address in
      unsafe CurlContext.of(context)?.openSocket(address) ?? CURL_SOCKET_BAD
    }
    unsafe set(CURLOPT_PREREQDATA, pointer: opaque)
    _ = unsafe rill_curl_easy_setopt_prereq(function, easy, CURLOPT_PREREQFUNCTION) {
      context,
      address,
      _,
      _,
      _ in
      unsafe CurlContext.of(context)?.mayRequest(address) == true
        ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
  }

  private func set(_ option: CURLoption, long value: Int) {
    _ = unsafe rill_curl_easy_setopt_long(library.easySetopt, context.easy, option, value)
  }

  private func set(_ option: CURLoption, string value: String?) {
    _ = unsafe rill_curl_easy_setopt_string(library.easySetopt, context.easy, option, value)
  }

  @unsafe private func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
    _ = unsafe rill_curl_easy_setopt_pointer(library.easySetopt, context.easy, option, value)
  }

  @unsafe private func set(_ option: CURLoption, list value: CurlLibrary.List?) {
    _ = unsafe rill_curl_easy_setopt_slist(library.easySetopt, context.easy, option, value)
  }

  @unsafe private func list(_ lines: [String]) -> CurlLibrary.List? {
    var list: CurlLibrary.List?
    for line in lines {
      let longer =
        if line.utf8.allSatisfy({ $0 < 0x80 }) {
          unsafe library.listAppend(list, line)
        } else {
          unsafe ((HTTPText.bytes(line) ?? []) + [0])
            .withUnsafeBytes { bytes in
              unsafe library.listAppend(
                list,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
              )
            }
        }
      guard unsafe longer != nil else { break }
      unsafe list = longer
    }
    return unsafe list
  }
}
