import FeedIndex
public import FeedModel
import FeedStore
import Synchronization

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
    /// The whole file could not be read now; nothing of it was passed over for good.
    public var isUnreadable = false

    init(segment: String, offset: Int, reason: String) {
      self.segment = segment
      self.offset = offset
      self.reason = reason
    }

    init(unreadable segment: String, _ error: StoreError) {
      self.segment = segment
      offset = 0
      reason = error.description
      isUnreadable = true
    }
  }

  /// Told of how many bytes of how many have been read.
  public typealias ReadingProgress = (_ done: Int, _ total: Int) -> Void

  let store: Store
  let index: FeedIndex
  let places: Places
  let trouble = IndexTrouble()

  /// What was met while the index was brought up to date.
  public let damage: [Damage]

  /// Opens a library and brings its index up to date; nothing is written to the store.
  ///
  /// A damaged index is built anew. One that cannot be written is replaced by one in memory.
  ///
  /// - Parameters:
  ///   - places: Where its parts are, or will be.
  ///   - application: The version that writes, as it stands in the device's record.
  ///   - progress: Told how far reading is, which is long where there is no index yet.
  /// - Returns: The library.
  /// - Throws: What the store answers; the index only when not even memory serves.
  public static func open(
    _ places: Places,
    application: String = "test",
    progress: ReadingProgress? = nil
  ) throws(LibraryError) -> Library {
    let store = try openStore(places, application)
    var lost = LostKnowledge()
    for path in [places.index, places.index, nil] {
      do throws(LibraryError) {
        var built: [Damage] = []
        var found: FeedIndex?
        if let path {
          found = try indexing { () throws(IndexError) in
            try FeedIndex.existing(path: path, storeID: store.id) {
              lost = knowledge(ofOutdated: places, store, progress)
            }
          }
          if found == nil { built = try buildIndex(at: path, of: store, progress: progress) }
        }
        let index = try indexing { () throws(IndexError) in
          if let found { return found }
          return try FeedIndex.open(path: path, storeID: store.id)
        }
        if !lost.isEmpty {
          var batch = IndexBatch.empty
          batch.lines = lost.storedLines
          let written = batch
          _ = try indexing { () throws(IndexError) in try index.apply(written) }
          lost = LostKnowledge()
        }
        let damage = try catchUp(index, with: store, progress: progress)
        return Library(
          store: store,
          index: index,
          places: places,
          // What could not be read was tried again.
          damage: built.filter { !$0.isUnreadable } + damage
        )
      } catch .index(let error) {
        if path == nil { throw .index(error) }
        if error.isDamage { FeedIndex.remove(path: places.index) }
      }
    }
    preconditionFailure("The index in memory is returned or its error thrown.")
  }

  /// Opens the store of a library, and creates nothing.
  static func openStore(
    _ places: Places,
    _ application: String
  ) throws(LibraryError) -> Store {
    try storing { () throws(StoreError) in
      try Store.open(
        directory: places.store,
        stateDirectory: places.state,
        application: application
      )
    }
  }

  /// Why the index could not be written, when that happened; the store is ahead of it then.
  public var indexTrouble: LibraryError? { trouble.first }

  /// Until when a server wants no request for an address, by what it said last; nil when it said
  /// nothing, or that time has passed.
  ///
  /// - Parameters:
  ///   - subscription: The address.
  ///   - settings: The numbers of the schedule.
  ///   - now: The time.
  /// - Returns: The moment from which it may be asked.
  /// - Throws: What the index answers.
  public func pause(
    for subscription: Subscription,
    settings: ScheduleSettings = ScheduleSettings(),
    now: Timestamp
  ) throws(LibraryError) -> Timestamp? {
    let poll = try polls()[subscription.id] ?? PollState()
    if case .wait(let until, _) = turn(poll, .named, settings: settings, now: now) { return until }
    return try hosts()
      .pause(
        of: hostName(of: subscription.url),
        for: .named,
        settings: settings,
        now: now
      )
  }

  /// Whether the feed is followed, or was once.
  public func wasFollowed(_ subscription: Subscription) throws(LibraryError) -> Bool {
    try indexing { () throws(IndexError) in try index.feeds(.id(subscription.id)).isEmpty == false }
  }

  /// When the store was created; nil when there is none yet.
  ///
  /// What is written while the clock shows an earlier time gets this one.
  public var created: Timestamp? { store.created }

  /// The index lasts; without it every start reads the whole store.
  public var hasLastingIndex: Bool { index.isPersistent }

  /// Nothing was ever written here.
  public var isEmpty: Bool { !store.exists }

  /// Folds what the index has not read yet, and writes what became of polling with the last of it.
  @discardableResult
  func catchUp(_ effects: PollEffects = PollEffects()) throws(LibraryError) -> [Damage] {
    try Self.catchUp(index, with: store, effects)
  }

  /// Takes in what other commands and machines have written since the library was opened.
  ///
  /// - Returns: Lines that could not be read.
  /// - Throws: What the store or the index answers.
  @discardableResult
  public func takeInNews() throws(LibraryError) -> [Damage] { try catchUp() }

  static func damage(in reading: SegmentReading, of segment: Segment) -> [Damage] {
    var damage = reading.damage.map {
      Damage(segment: segment.name, offset: $0.offset, reason: $0.reason.rawValue)
    }
    if let format = reading.newerFormat {
      let reason = "format \(format) of a newer Rill, not understood here"
      damage.append(Damage(segment: segment.name, offset: 0, reason: reason))
    }
    return damage
  }
}

/// What went wrong with the index after the store was written, and what a search could not read.
final class IndexTrouble: Sendable {
  private let state = Mutex((error: LibraryError?.none, unreadTexts: 0))

  var first: LibraryError? { state.withLock { $0.error } }
  var unreadTexts: Int { state.withLock { $0.unreadTexts } }

  func note(_ new: IndexError) { note(.index(new)) }

  func note(_ new: LibraryError) {
    state.withLock { $0.error = $0.error ?? new }
  }

  func note(unreadTexts count: Int) {
    state.withLock { $0.unreadTexts = count }
  }
}
