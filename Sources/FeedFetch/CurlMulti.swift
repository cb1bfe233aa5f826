internal import CCurl

/// Owns what easy handles have in common: names that were looked up, and TLS sessions.
@safe struct CurlShare: ~Copyable {
  private let library: CurlLibrary
  /// The C pointer, for `CurlHandle` alone.
  @unsafe let pointer: UnsafeMutableRawPointer

  /// Shares on one thread, so without locks; nil when memory is short.
  ///
  /// The corresponding C function is `curl_share_init`.
  init?(library: CurlLibrary) {
    guard let pointer = unsafe library.shareInit() else { return nil }
    self.library = library
    unsafe self.pointer = pointer
    for data in [CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION] {
      _ = unsafe rill_curl_share_setopt_data(library.shareSetopt, pointer, CURLSHOPT_SHARE, data)
    }
  }

  deinit { _ = unsafe library.shareCleanup(pointer) }
}

/// Owns one libcurl multi handle: the connections, and the handles that are under way.
@safe struct CurlMulti: ~Copyable {
  /// Which handle has ended, and how.
  struct Done {
    var id: CurlHandleID
    var code: CurlCode
  }

  private let library: CurlLibrary
  private let pointer: UnsafeMutableRawPointer

  /// Makes a multi handle; nil when memory is short.
  ///
  /// The corresponding C functions are `curl_multi_init` and `curl_multi_setopt`.
  ///
  /// - Parameters:
  ///   - library: The functions.
  ///   - connectionsMax: How many connections there may be at one time.
  init?(library: CurlLibrary, connectionsMax: Int) {
    guard let pointer = unsafe library.multiInit() else { return nil }
    self.library = library
    unsafe self.pointer = pointer
    // There is no limit for one host: the queue asks each of them one thing at a time, and libcurl
    // would take a proxy for one host.
    for (option, value) in [
      (CURLMOPT_MAX_TOTAL_CONNECTIONS, connectionsMax),
      (CURLMOPT_MAXCONNECTS, connectionsMax), (CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)),
    ] {
      _ = unsafe rill_curl_multi_setopt_long(library.multiSetopt, pointer, option, value)
    }
  }

  deinit { _ = unsafe library.multiCleanup(pointer) }

  /// What wakes `wait` from another thread.
  var waker: CurlWaker { unsafe CurlWaker(library: library, multi: pointer) }

  /// Starts a handle; `curl_multi_add_handle`.
  func add(_ handle: borrowing CurlHandle) -> Bool {
    unsafe library.multiAdd(pointer, handle.pointer) == CURLM_OK
  }

  /// Takes a handle out, whether it has ended or not; `curl_multi_remove_handle`.
  func remove(_ handle: borrowing CurlHandle) {
    _ = unsafe library.multiRemove(pointer, handle.pointer)
  }

  /// Moves every transfer on as far as it goes; `curl_multi_perform`.
  func perform() {
    var running: Int32 = 0
    _ = unsafe library.multiPerform(pointer, &running)
  }

  /// Waits until something happens, a timer of libcurl runs out, or `waker` wakes it.
  ///
  /// The corresponding C function is `curl_multi_poll`.
  func wait(milliseconds: Int32) {
    _ = unsafe library.multiPoll(pointer, nil, 0, milliseconds, nil)
  }

  /// The next handle that has ended; `curl_multi_info_read`.
  func nextDone() -> Done? {
    var left: Int32 = 0
    while let message = unsafe library.multiNextDone(pointer, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
      return unsafe Done(
        id: CurlHandleID(message.pointee.easy_handle),
        code: CurlCode(value: message.pointee.data.result)
      )
    }
    return nil
  }
}

/// Which handle is meant.
struct CurlHandleID: Hashable {
  private let address: Int

  @unsafe init(_ pointer: UnsafeMutableRawPointer?) { address = Int(bitPattern: pointer) }
}

extension CurlHandle {
  /// Tells this handle from others while it lives.
  var id: CurlHandleID { unsafe CurlHandleID(pointer) }
}

/// Wakes the thread that waits on a multi handle; the handle must be alive.
// Safe because it only ever calls `curl_multi_wakeup`, which any thread may call, and because the
// mailbox forgets it, under its lock, before the handle dies.
@safe struct CurlWaker: @unchecked Sendable {
  private let library: CurlLibrary
  private let multi: UnsafeMutableRawPointer

  fileprivate init(library: CurlLibrary, multi: UnsafeMutableRawPointer) {
    self.library = library
    unsafe self.multi = multi
  }

  /// The one function of libcurl that any thread may call; `curl_multi_wakeup`.
  func wake() { _ = unsafe library.multiWakeup(multi) }
}
