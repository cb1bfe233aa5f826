import Glibc

/// Why the store could not do what was asked.
public enum StoreError: Error, Hashable, Sendable {
  /// A store was used at this path and is not there now: an unmounted disk, perhaps.
  ///
  /// `memory` is the file of the local state that remembers it; without that file a new store
  /// would be started.
  case missing(path: String, memory: String?)
  /// There is something else at this path.
  case notAStore(path: String)
  /// A newer version wrote this; it can be read as far as it is understood, never written.
  case newerFormat(path: String, version: Int)
  /// The file system says that this user may not (EACCES, EPERM).
  case noPermission(path: String)
  /// The file system takes no writes (EROFS).
  case readOnly(path: String)
  /// No space, no quota, or a file larger than the limit (ENOSPC, EDQUOT, EFBIG).
  case noSpace(path: String, errno: Int32)
  /// A symbolic link, or no regular file, where a file of the store should be.
  case refused(path: String)
  /// A segment or a line that was there is there no more.
  case gone(path: String)
  /// One line would be longer than any reader takes.
  case lineTooLong(bytes: Int)
  /// Another sync holds the lock; its process id is for the message only.
  case syncIsRunning(pid: Int32?)
  /// The file system of the local state has no locks (ENOLCK, EOPNOTSUPP).
  case lockUnsupported(path: String)
  /// Any other failure of a system call.
  case inputOutput(path: String, call: String, errno: Int32)

  /// Sorts the failure of a system call.
  init(call: String, path: String, errno number: Int32) {
    switch number {
    case EACCES, EPERM: self = .noPermission(path: path)
    case EROFS: self = .readOnly(path: path)
    case ENOSPC, EDQUOT, EFBIG: self = .noSpace(path: path, errno: number)
    case ELOOP: self = .refused(path: path)
    default: self = .inputOutput(path: path, call: call, errno: number)
    }
  }
}

extension StoreError {
  /// One file cannot be read, and others may well be.
  ///
  /// False where this process is out of something, so that the next file would fail as well.
  public var isOfOneFile: Bool {
    switch self {
    case .inputOutput(_, _, EMFILE), .inputOutput(_, _, ENFILE), .inputOutput(_, _, ENOMEM): false
    case .inputOutput, .noPermission, .refused, .gone: true
    default: false
    }
  }
}

extension StoreError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .missing(let path, nil): "The store at \(path) is not there any more."
    case .missing(let path, let memory?):
      """
      The store at \(path) is not there, though one was used before; is a disk not mounted? \
      (To start a new one, remove \(memory).)
      """
    case .notAStore(let path) where path.hasSuffix("/\(StoreIdentity.fileName)"):
      "\(path) is damaged: it does not say which store this is."
    case .notAStore(let path): "\(path) is not a store."
    case .newerFormat(let path, let version):
      "\(path) has format \(version), which only a newer version can write."
    case .noPermission(let path): "No permission for \(path)."
    case .readOnly(let path): "\(path) is on a read-only file system."
    case .noSpace(let path, let number): "No space for \(path): \(describe(errno: number))."
    case .refused(let path): "\(path) is a symbolic link or no regular file, and is refused."
    case .gone(let path): "\(path) is not there any more."
    case .lineTooLong(let bytes): "A line of \(bytes) bytes is too long for the store."
    case .syncIsRunning(let pid?): "Another sync is running, process \(pid)."
    case .syncIsRunning(nil): "Another sync is running."
    case .lockUnsupported(let path): "The file system of \(path) has no locks."
    case .inputOutput(let path, let call, let number):
      "\(path): \(call) failed: \(describe(errno: number))."
    }
  }
}
