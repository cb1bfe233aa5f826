import FeedIndex
import FeedModel
import FeedStore

/// The store with its index brought up to date: what a person has.
///
/// The store is the truth. Everything is written there first and then folded into the index from
/// the store's own lines, so that what a list shows is what a rebuild would show.
public struct Library: Sendable {
  /// Where the parts of a library stand.
  public struct Places: Hashable, Sendable {
    /// The truth; may be shared between machines.
    public var store: String
    /// What only this machine knows: device id and locks.
    public var state: String
    /// The database file of the index.
    public var index: String

    /// Names the places by their paths.
    public init(store: String, state: String, index: String) {
      self.store = store
      self.state = state
      self.index = index
    }
  }

  /// Lines of the store that could not be read and were passed over.
  public struct Damage: Hashable, Sendable {
    /// The segment, relative to the store.
    public var segment: String
    /// The first byte of the line.
    public var offset: Int
    /// What is wrong with it.
    public var reason: String
  }

  let store: Store
  let index: FeedIndex

  /// What was met while the index was brought up to date.
  public let damage: [Damage]

  /// Opens a library and brings its index up to date; nothing is written to the store.
  ///
  /// A damaged index is built anew. One that cannot be written is replaced by one in memory.
  public static func open(_ places: Places) throws(LibraryError) -> Library {
    let store = try storing { () throws(StoreError) in
      try Store.open(directory: places.store, stateDirectory: places.state)
    }
    if let library = upToDate(store, indexPath: places.index) { return library }
    FeedIndex.remove(path: places.index)
    if let library = upToDate(store, indexPath: places.index) { return library }
    let index = try indexing { () throws(IndexError) in
      try FeedIndex.open(path: nil, storeID: store.id)
    }
    return Library(
      store: store,
      index: index,
      damage: try Self.catchUp(index, with: store)
    )
  }

  /// The index lasts; without it every start reads the whole store.
  public var hasLastingIndex: Bool { index.isPersistent }

  /// Nothing was ever written here.
  public var isEmpty: Bool { !store.exists }

  /// Nil when the index refuses; an unreadable store is met again by the caller's last try.
  private static func upToDate(_ store: Store, indexPath: String) -> Library? {
    do {
      let index = try FeedIndex.open(path: indexPath, storeID: store.id)
      return Library(store: store, index: index, damage: try catchUp(index, with: store))
    } catch {
      return nil
    }
  }

  /// Folds what the index has not read yet, and writes poll states with the last of it.
  @discardableResult
  func catchUp(polls: [FeedID: PollState] = [:]) throws(LibraryError) -> [Damage] {
    try Self.catchUp(index, with: store, polls: polls)
  }

  private static func catchUp(
    _ index: FeedIndex,
    with store: Store,
    polls: [FeedID: PollState] = [:]
  ) throws(LibraryError) -> [Damage] {
    let cursors = try indexing { () throws(IndexError) in try index.cursors() }
    let segments = try storing { () throws(StoreError) in try store.segments() }
    var damage: [Damage] = []
    for segment in segments where segment.sizeInBytes != cursors[segment.name]?.offset {
      var cursor = cursors[segment.name]
      var hasMore = true
      while hasMore {
        let reading = try storing { () throws(StoreError) in
          try store.read(segment, after: cursor)
        }
        var batch = IndexBatch()
        batch.lines = reading.lines
        batch.cursors = [reading.cursor]
        try indexing { () throws(IndexError) in try index.apply(batch) }
        damage += reading.damage.map {
          Damage(segment: segment.name, offset: $0.offset, reason: $0.reason.rawValue)
        }
        cursor = reading.cursor
        hasMore = reading.hasMore
      }
    }
    var batch = IndexBatch()
    batch.polls = polls
    try indexing { () throws(IndexError) in try index.apply(batch) }
    return damage
  }
}
