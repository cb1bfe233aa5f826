import FeedModel

internal import CCurl

/// Owns one libcurl easy handle, which carries out one hop after another.
///
/// Freed exactly once, when the value dies. It belongs to the thread of the loop.
@safe struct CurlHandle: ~Copyable {
  private let library: CurlLibrary
  private let context: CurlContext
  private let errorText: UnsafeMutablePointer<CChar>
  // libcurl does not copy lists: they live until the next hop replaces them.
  private var headerLines: CurlLibrary.List?
  private var givenAddresses: CurlLibrary.List?

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
    let settings = configuration.settings
    context = unsafe CurlContext(
      library: library,
      easy: easy,
      exchange: Exchange(addresses: configuration.addresses, bytesMax: settings.wireBytesMax)
    )
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    unsafe set(CURLOPT_ERRORBUFFER, pointer: errorText)
    unsafe set(CURLOPT_SHARE, pointer: share.pointer)
    setConstants(settings, caFile: configuration.caFile)
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
  ///   - addresses: The addresses of its host when they are given and not looked up.
  mutating func prepare(_ hop: HopRequest, addresses: [IPAddress]) {
    context.exchange.start(hop)
    context.hasBody = false
    unsafe errorText[0] = 0
    set(CURLOPT_URL, string: hop.url.text)
    set(CURLOPT_TIMEOUT_MS, long: hop.totalMilliseconds)
    set(CURLOPT_FRESH_CONNECT, long: hop.needsNewConnection ? 1 : 0)
    set(CURLOPT_USERNAME, string: hop.credentials?.user)
    set(CURLOPT_PASSWORD, string: hop.credentials?.password)
    let lines = unsafe list(hop.headerLines)
    unsafe set(CURLOPT_HTTPHEADER, list: lines)
    unsafe library.listFree(headerLines)
    unsafe headerLines = lines
    let entry = "\(hop.place):" + addresses.map(\.host).joined(separator: ",")
    let entries = unsafe list(addresses.isEmpty ? [] : [Array(entry.utf8)])
    unsafe set(CURLOPT_RESOLVE, list: entries)
    unsafe library.listFree(givenAddresses)
    unsafe givenAddresses = entries
  }

  /// What the hop has brought, once libcurl has reported its end.
  ///
  /// The corresponding C functions are `curl_easy_getinfo` and `curl_easy_header`.
  func result(_ code: CurlCode) -> HopResult {
    let exchange = context.exchange
    var result = HopResult(end: code.end)
    if exchange.isTooLarge { result.end = .tooLarge }
    if result.end != .complete { result.detail = detail(code) }
    // An interim response without a final one is none.
    let status = context.number(CURLINFO_RESPONSE_CODE)
    result.status = status < 200 ? 0 : status
    result.elapsedMilliseconds = context.bigNumber(CURLINFO_TOTAL_TIME_T) / 1000
    result.isOnUsedConnection = context.number(CURLINFO_NUM_CONNECTS) == 0
    result.address = exchange.address
    result.refused = exchange.refused
    result.wireBytes = exchange.wireBytes
    result.body = exchange.takeBody()
    if result.status > 0 { result.fields = fields() }
    return result
  }

  private func fields() -> ResponseFields {
    var fields = ResponseFields()
    fields.etag = last("ETag")
    fields.lastModified = last("Last-Modified")
    fields.contentType = last("Content-Type")
    fields.contentEncoding = all("Content-Encoding").map { $0.joined(separator: ",") }
    fields.location = last("Location")
    fields.mitigated = last("cf-mitigated")
    fields.cache.cacheControl = all("Cache-Control").map { $0.joined(separator: ",") }
    fields.cache.age = last("Age")
    fields.cache.expires = last("Expires")
    fields.cache.date = last("Date")
    fields.cache.retryAfter = last("Retry-After")
    return fields
  }

  /// The last field of a name in the final response, interim responses left out.
  private func last(_ name: String) -> String? {
    let (value, count) = field(name, at: 0)
    return count > 1 ? field(name, at: count - 1).value : value
  }

  private func all(_ name: String) -> [String]? {
    let (value, count) = field(name, at: 0)
    guard let value else { return nil }
    return [value] + (1..<max(count, 1)).compactMap { field(name, at: $0).value }
  }

  private func field(_ name: String, at index: Int) -> (value: String?, count: Int) {
    var header: UnsafeMutablePointer<curl_header>?
    // -1 is the last request of the handle.
    let code = unsafe library.easyHeader(
      context.easy,
      name,
      index,
      UInt32(CURLH_HEADER),
      -1,
      &header
    )
    guard code == CURLHE_OK, let header = unsafe header, let value = unsafe header.pointee.value
    else { return (nil, 0) }
    let bytes = unsafe UnsafeRawBufferPointer(start: value, count: countUntilNUL(value))
    return unsafe (HTTPText.text(bytes), header.pointee.amount)
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

  private func setConstants(_ settings: FetchSettings, caFile: String?) {
    set(CURLOPT_HTTPGET, long: 1)
    set(CURLOPT_USERAGENT, string: settings.userAgent)
    set(CURLOPT_HTTP_VERSION, long: CURL_HTTP_VERSION_2TLS)
    set(CURLOPT_PIPEWAIT, long: 1)
    set(CURLOPT_HTTP09_ALLOWED, long: 0)
    set(CURLOPT_FOLLOWLOCATION, long: 0)
    set(CURLOPT_PROTOCOLS_STR, string: "http,https")
    set(CURLOPT_REDIR_PROTOCOLS_STR, string: "http,https")
    set(CURLOPT_PATH_AS_IS, long: 1)
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, long: 1)
    // An empty text switches off what the environment says; nil would not.
    set(CURLOPT_PROXY, string: settings.proxy ?? "")
    set(CURLOPT_NOPROXY, string: "")
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, long: 1)
    set(CURLOPT_NETRC, long: 0)
    set(CURLOPT_UNRESTRICTED_AUTH, long: 0)
    set(CURLOPT_HTTPAUTH, long: 1)  // CURLAUTH_BASIC, a macro that Swift cannot read
    if let caFile { set(CURLOPT_CAINFO, string: caFile) }
    // With a directory of certificates libcurl reads all of them again for each connection.
    set(CURLOPT_CAPATH, string: nil)
    set(CURLOPT_CA_CACHE_TIMEOUT, long: 86_400)
    set(CURLOPT_SSL_VERIFYPEER, long: 1)
    set(CURLOPT_SSL_VERIFYHOST, long: 2)
    set(CURLOPT_NOSIGNAL, long: 1)
    // Otherwise a timeout waits for the thread that looks the name up, and with it all others.
    set(CURLOPT_QUICK_EXIT, long: 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, long: settings.connectMilliseconds)
    set(CURLOPT_LOW_SPEED_LIMIT, long: settings.lowSpeedBytesPerSecond)
    set(CURLOPT_LOW_SPEED_TIME, long: settings.lowSpeedSeconds)
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

  @unsafe private func list(_ lines: [[UInt8]]) -> CurlLibrary.List? {
    var list: CurlLibrary.List?
    for line in lines {
      let longer = unsafe (line + [0])
        .withUnsafeBytes { bytes in
          unsafe library.listAppend(list, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
      guard unsafe longer != nil else { break }
      unsafe list = longer
    }
    return unsafe list
  }
}
