import Glibc

// The one file of this module that calls the C library.

/// A number that a system call left in `errno`.
public struct SocketError: Error, Hashable, Sendable {
  /// The number.
  public let code: Int32

  fileprivate static var last: SocketError { SocketError(code: errno) }
}

/// The calls of the system that a small server needs; descriptors are plain numbers here.
enum Sockets {
  /// Listens on a free port of 127.0.0.1.
  ///
  /// The corresponding C functions are `socket`, `bind`, `listen` and `getsockname`.
  static func listen() throws(SocketError) -> (descriptor: Int32, port: Int) {
    let descriptor = socket(
      AF_INET,
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
      0
    )
    guard descriptor >= 0 else { throw .last }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        if unsafe bind(descriptor, pointer, length) != 0 { return Int32(-1) }
        if Glibc.listen(descriptor, 128) != 0 { return -1 }
        return unsafe getsockname(descriptor, pointer, &length)
      }
    }
    guard code == 0 else {
      let error = SocketError.last
      close(descriptor)
      throw error
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// The next connection; nil when the socket no longer listens.
  ///
  /// The corresponding C functions are `accept` and `fcntl`.
  static func accept(_ listener: Int32) -> Int32? {
    while true {
      let descriptor = Glibc.accept(listener, nil, nil)
      if descriptor >= 0 {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Each part of an answer goes out when it is written.
        var on: Int32 = 1
        unsafe setsockopt(
          descriptor,
          Int32(IPPROTO_TCP),
          TCP_NODELAY,
          &on,
          socklen_t(MemoryLayout<Int32>.size)
        )
        return descriptor
      }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  /// Ends both directions, which wakes a thread that waits on the socket; `shutdown`.
  static func shutDown(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Says that no more will be sent; `shutdown`.
  static func finish(_ descriptor: Int32) { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Gives a descriptor back; `close`.
  static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

  /// Makes the coming `close` a reset in place of an orderly end; `setsockopt`.
  static func resetOnClose(_ descriptor: Int32) {
    var value = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(
      descriptor,
      SOL_SOCKET,
      SO_LINGER,
      &value,
      socklen_t(MemoryLayout<linger>.size)
    )
  }

  /// Bytes that have come; nil at the end of the stream or after an error; `recv`.
  static func receive(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
      }
      if count > 0 { return Array(buffer[..<count]) }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  /// Sends all bytes; false when the other side is gone; `send`.
  static func send(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.send(
          descriptor,
          bytes.baseAddress?.advanced(by: offset),
          bytes.count - offset,
          Int32(MSG_NOSIGNAL)
        )
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      offset += count
    }
    return true
  }

  /// Waits until the other side has sent or ended something, or time has passed; `poll`.
  ///
  /// - Parameters:
  ///   - descriptor: The socket.
  ///   - milliseconds: How long at most; negative for ever.
  /// - Returns: False when the other side is gone.
  static func wait(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    // POLLRDHUP, which the headers hide: only the end of the stream counts, because a client may
    // have sent its next request already.
    var entry = pollfd(fd: descriptor, events: 0x2000, revents: 0)
    while unsafe poll(&entry, 1, milliseconds) < 0 {
      guard errno == EINTR else { return false }
    }
    return entry.revents == 0
  }

  /// Starts a thread that nobody waits for and that blocks all signals; `pthread_create`.
  static func startThread(_ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(body))
    var id = pthread_t()
    let code = unsafe pthread_create(&id, nil, runThreadBody, box.toOpaque())
    guard code == 0 else {
      unsafe box.release()
      return
    }
    pthread_detach(id)
  }
}

private final class ThreadBody {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThreadBody(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  var signals = sigset_t()
  unsafe sigfillset(&signals)
  unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  if let context = unsafe context {
    unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
  }
  return nil
}

/// A regular file with what is served of it.
struct ServedFile {
  var bytes: [UInt8]
  var modifiedSeconds: Int64
  var modifiedNanoseconds: Int64

  /// Reads a regular file whose last component is no symbolic link; nil for anything else.
  ///
  /// The corresponding C functions are `open`, `fstat` and `read`.
  init?(path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    modifiedSeconds = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    bytes = []
    bytes.reserveCapacity(Int(status.st_size))
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count == 0 { return }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}

/// The real path of a file, all symbolic links resolved; nil when there is none; `realpath`.
func realPath(_ path: String) -> String? {
  guard let pointer = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(pointer) }
  return unsafe String(cString: pointer)
}
