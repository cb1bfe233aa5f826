/// Why there can be no fetcher.
public enum FetchSetupError: Error, Hashable, Sendable {
  /// The shared library of libcurl cannot be loaded.
  case libraryMissing(name: String)
  /// The shared library lacks something that is needed.
  case libraryTooOld(name: String, lacks: String)
  /// A setting that cannot be read, as `name=value`.
  case badSetting(name: String, value: String)
  /// The file of trusted certificates cannot be read; `errno` says why.
  case caFile(path: String, errno: Int32)
  /// No thread could be started; `errno` says why.
  case thread(errno: Int32)
}

extension FetchSetupError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .libraryMissing(let name): "\(name) is missing: install libcurl4."
    case .libraryTooOld(let name, let lacks): "\(name) is too old: it lacks \(lacks)."
    case .badSetting(let name, let value): "The setting \(name) cannot be \(value)."
    case .caFile(let path, let errno):
      "The certificates in \(path) cannot be read (errno \(errno))."
    case .thread(let errno): "No thread could be started (errno \(errno))."
    }
  }
}
