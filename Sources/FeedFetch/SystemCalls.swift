import Glibc

// The one file of this module that calls the C library.

/// A shared library that stays loaded for as long as the process lives.
@safe struct SharedLibrary {
  private let pointer: UnsafeMutableRawPointer

  /// Loads a library with all that it needs; nil when that fails.
  ///
  /// The corresponding C function is `dlopen`.
  init?(_ name: String) {
    guard let pointer = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    unsafe self.pointer = pointer
  }

  /// The address of a function; nil when the library has none of that name.
  ///
  /// The corresponding C function is `dlsym`.
  @unsafe func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(pointer, name) }
}

/// A thread of its own, outside the pool that tasks run on.
@safe struct SystemThread {
  private let id: pthread_t

  /// Starts a thread that blocks all signals.
  ///
  /// Signals belong to the main thread. SIGPIPE above all: TLS writes to sockets that may be
  /// closed. The corresponding C function is `pthread_create`.
  ///
  /// - Parameter body: What the thread does; it ends with it.
  /// - Throws: The number of the error.
  init(_ body: @escaping @Sendable () -> Void) throws(Errno) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(body))
    var id = pthread_t()
    let code = unsafe pthread_create(&id, nil, runThreadBody, box.toOpaque())
    guard code == 0 else {
      unsafe box.release()
      throw Errno(code)
    }
    self.id = id
  }

  /// Waits until the thread has ended; at most once.
  ///
  /// The corresponding C function is `pthread_join`.
  func join() { pthread_join(id, nil) }
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

/// A number that a system call left in `errno`.
struct Errno: Error, Hashable, Sendable {
  var code: Int32

  init(_ code: Int32) { self.code = code }

  static var last: Errno { Errno(errno) }
  static let isDirectory = Errno(EISDIR)
  static let invalid = Errno(EINVAL)
}

/// A file that is open for reading, closed when the value dies.
struct ReadableFile: ~Copyable {
  private let descriptor: Int32

  /// Opens a file; a pipe without a writer does not block.
  ///
  /// The corresponding C function is `open`.
  init(path: String) throws(Errno) {
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw .last }
  }

  deinit { close(descriptor) }

  /// What tells one version of a file from another.
  struct Version {
    var size: Int
    var modifiedNanoseconds: Int64
    var inode: UInt64
  }

  /// The version of a regular file.
  ///
  /// The corresponding C function is `fstat`.
  func version() throws(Errno) -> Version {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isDirectory
    default: throw .invalid
    }
    let modified = status.st_mtim
    return Version(
      size: Int(status.st_size),
      modifiedNanoseconds: Int64(modified.tv_sec) &* 1_000_000_000 &+ Int64(modified.tv_nsec),
      inode: UInt64(status.st_ino)
    )
  }

  /// Reads to the end, or one byte beyond a limit.
  ///
  /// The corresponding C function is `read`.
  func bytes(limit: Int, expected: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    // A sparse file may be of any size, and a limit too.
    bytes.reserveCapacity(min(limit, expected, 16 << 20) + 1)
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let wanted = min(chunk.count - 1, limit - bytes.count) + 1
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress, wanted)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .last
      }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }
}

/// Whether a file may be read.
///
/// The corresponding C function is `access`.
func checkReadable(_ path: String) throws(Errno) {
  if unsafe access(path, R_OK) != 0 { throw .last }
}

/// Opens a socket that a program started later does not inherit; negative when that fails.
///
/// The corresponding C function is `socket`.
func openSocket(family: Int32, type: Int32, protocol number: Int32) -> Int32 {
  socket(family, type | Int32(SOCK_CLOEXEC.rawValue), number)
}

extension IPAddress {
  /// Reads an address as resolvers and people write it, brackets and zone allowed.
  ///
  /// The corresponding C function is `inet_pton`.
  init?(_ text: some StringProtocol) {
    var text = Substring(text)
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    text = text.prefix { $0 != "%" }
    let isV6 = text.utf8.contains(UInt8(ascii: ":"))
    var bytes = [UInt8](repeating: 0, count: isV6 ? 16 : 4)
    let code = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe inet_pton(isV6 ? AF_INET6 : AF_INET, String(text), buffer.baseAddress)
    }
    guard code == 1 else { return nil }
    self.init(bytes: bytes)
  }

  /// Reads a host of a URL that is an address; nil for a name.
  ///
  /// Version 4 as `inet_aton` reads it: also with fewer than four parts, octal and hexadecimal.
  /// `localhost` is an address to everyone (RFC 6761 §6.3).
  ///
  /// The corresponding C function is `inet_aton`.
  init?(host: String) {
    let name = host.hasSuffix(".") ? String(host.dropLast()) : host
    if name == "localhost" || name.hasSuffix(".localhost") {
      self = .v4(0x7F00_0001)
      return
    }
    // Nearly every host begins like a name, and needs no closer look.
    guard let first = name.utf8.first, first == UInt8(ascii: "[") || (0x30...0x39).contains(first)
    else { return nil }
    if let address = IPAddress(name) {
      self = address
      return
    }
    var address = in_addr()
    guard unsafe inet_aton(name, &address) == 1 else { return nil }
    self = .v4(UInt32(bigEndian: address.s_addr))
  }

  /// Takes the address out of a `sockaddr_in` or a `sockaddr_in6`; nil for any other family.
  ///
  /// - Parameters:
  ///   - family: `sa_family`.
  ///   - socketAddress: All of its bytes, the family included.
  init?(family: Int32, socketAddress: UnsafeRawBufferPointer) {
    switch family {
    case AF_INET where socketAddress.count >= 8:
      unsafe self.init(bytes: socketAddress[4..<8])
    case AF_INET6 where socketAddress.count >= 24:
      unsafe self.init(bytes: socketAddress[8..<24])
    default: return nil
    }
  }

  /// The address as text.
  ///
  /// The corresponding C function is `inet_ntop`.
  var text: String {
    let bytes = bytes
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    unsafe bytes.withUnsafeBytes { source in
      _ = unsafe inet_ntop(
        bytes.count == 4 ? AF_INET : AF_INET6,
        source.baseAddress,
        &text,
        socklen_t(text.count)
      )
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The address as the host of a URL: IPv6 in brackets.
  var host: String {
    if case .v6 = self { "[\(text)]" } else { text }
  }
}
