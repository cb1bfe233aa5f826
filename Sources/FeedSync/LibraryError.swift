public import FeedIndex
public import FeedStore

/// Why the library cannot be opened or written.
public enum LibraryError: Error, Sendable {
  /// The store refused.
  case store(StoreError)
  /// Not even an index in memory could be built.
  case index(IndexError)
}

extension LibraryError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .store(let error): error.description
    case .index(let error): error.description
    }
  }
}

/// Runs something of the store with its error turned into the library's.
func storing<Value: ~Copyable>(
  _ body: () throws(StoreError) -> Value
) throws(LibraryError) -> Value {
  do { return try body() } catch { throw .store(error) }
}

/// Runs something of the index with its error turned into the library's.
func indexing<Value>(_ body: () throws(IndexError) -> Value) throws(LibraryError) -> Value {
  do { return try body() } catch { throw .index(error) }
}
