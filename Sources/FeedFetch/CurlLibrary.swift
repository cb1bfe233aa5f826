internal import CCurl

/// The functions of libcurl that are used, found when the first fetcher is made.
///
/// Nothing here refers to libcurl when the program is linked. Loading it costs more start-up time
/// than all the rest of the program, and most commands need no network.
@safe struct CurlLibrary: Sendable {
  typealias Pointer = UnsafeMutableRawPointer
  typealias List = UnsafeMutablePointer<curl_slist>
  /// A function whose arguments are fixed by a wrapper in `shim.h`.
  typealias Variadic = @convention(c) @Sendable () -> Void

  let easyInit: @convention(c) @Sendable () -> Pointer?
  let easyCleanup: @convention(c) @Sendable (Pointer?) -> Void
  let easySetopt: Variadic
  let easyGetinfo: Variadic
  let easyStrerror: @convention(c) @Sendable (CURLcode) -> UnsafePointer<CChar>?
  let listAppend: @convention(c) @Sendable (List?, UnsafePointer<CChar>?) -> List?
  let listFree: @convention(c) @Sendable (List?) -> Void
  let multiInit: @convention(c) @Sendable () -> Pointer?
  let multiCleanup: @convention(c) @Sendable (Pointer?) -> CURLMcode
  let multiSetopt: Variadic
  let multiAdd: @convention(c) @Sendable (Pointer?, Pointer?) -> CURLMcode
  let multiRemove: @convention(c) @Sendable (Pointer?, Pointer?) -> CURLMcode
  let multiPerform: @convention(c) @Sendable (Pointer?, UnsafeMutablePointer<Int32>?) -> CURLMcode
  let multiPoll:
    @convention(c) @Sendable (
      Pointer?, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?
    ) -> CURLMcode
  let multiWakeup: @convention(c) @Sendable (Pointer?) -> CURLMcode
  let multiNextDone:
    @convention(c) @Sendable (
      Pointer?, UnsafeMutablePointer<Int32>?
    ) -> UnsafeMutablePointer<CURLMsg>?
  let shareInit: @convention(c) @Sendable () -> Pointer?
  let shareCleanup: @convention(c) @Sendable (Pointer?) -> CURLSHcode
  let shareSetopt: Variadic

  /// The library, loaded and set up once for the process.
  static func load() throws(FetchSetupError) -> CurlLibrary { try loaded.get() }

  // One for the process, because `curl_global_init` may run only once.
  private static let loaded = Result<CurlLibrary, FetchSetupError> { () throws(FetchSetupError) in
    try CurlLibrary(name: "libcurl.so.4")
  }

  /// Loads the library and calls `curl_global_init`.
  init(name: String) throws(FetchSetupError) {
    guard let library = SharedLibrary(name) else { throw .libraryMissing(name: name) }
    // 7.85 brought CURLOPT_PROTOCOLS_STR, without which other protocols could be reached.
    let symbols = Symbols(library: library, name: name)
    let versionInfo =
      unsafe try symbols.find("curl_version_info")
      as @convention(c) (CURLversion) -> UnsafeMutablePointer<curl_version_info_data>?
    guard let version = unsafe versionInfo(CURLVERSION_FIRST),
      unsafe version.pointee.version_num >= 0x07_55_00
    else { throw .libraryTooOld(name: name, lacks: "version 7.85") }
    let globalInit =
      unsafe try symbols.find("curl_global_init") as @convention(c) (Int) -> CURLcode
    guard globalInit(Int(CURL_GLOBAL_ALL)) == CURLE_OK else {
      throw .libraryTooOld(name: name, lacks: "a working curl_global_init")
    }
    unsafe easyInit = try symbols.find("curl_easy_init")
    unsafe easyCleanup = try symbols.find("curl_easy_cleanup")
    unsafe easySetopt = try symbols.find("curl_easy_setopt")
    unsafe easyGetinfo = try symbols.find("curl_easy_getinfo")
    unsafe easyStrerror = try symbols.find("curl_easy_strerror")
    unsafe listAppend = try symbols.find("curl_slist_append")
    unsafe listFree = try symbols.find("curl_slist_free_all")
    unsafe multiInit = try symbols.find("curl_multi_init")
    unsafe multiCleanup = try symbols.find("curl_multi_cleanup")
    unsafe multiSetopt = try symbols.find("curl_multi_setopt")
    unsafe multiAdd = try symbols.find("curl_multi_add_handle")
    unsafe multiRemove = try symbols.find("curl_multi_remove_handle")
    unsafe multiPerform = try symbols.find("curl_multi_perform")
    unsafe multiPoll = try symbols.find("curl_multi_poll")
    unsafe multiWakeup = try symbols.find("curl_multi_wakeup")
    unsafe multiNextDone = try symbols.find("curl_multi_info_read")
    unsafe shareInit = try symbols.find("curl_share_init")
    unsafe shareCleanup = try symbols.find("curl_share_cleanup")
    unsafe shareSetopt = try symbols.find("curl_share_setopt")
  }
}

/// Looks functions up by name and gives them the type that the caller names.
private struct Symbols {
  let library: SharedLibrary
  let name: String

  @unsafe func find<Function>(_ symbol: String) throws(FetchSetupError) -> Function {
    guard let pointer = unsafe library.symbol(symbol) else {
      throw .libraryTooOld(name: name, lacks: symbol)
    }
    return unsafe unsafeBitCast(pointer, to: Function.self)
  }
}
