public import FeedModel

/// An act as a list shows it.
public struct ActSummary: Hashable, Sendable {
  /// One thing that it did, to one article or feed or to many.
  public struct Change: Hashable, Sendable {
    /// What was written to.
    public enum Subject: Hashable, Sendable {
      /// A register of articles.
      case articles
      /// A register of feeds.
      case feeds
    }

    /// Articles or feeds.
    public var subject: Subject
    /// The register: `read`, `star`, `tag:NAME`, `sub`, `title`, `url` and so on.
    public var register: String
    /// What was written where that is a flag; an unset flag is false, and other values are nil.
    public var isSet: Bool?
    /// How many articles or feeds.
    public var count: Int
    /// The titles of the first few of them, or their ids where there is none.
    public var examples: [String]
  }

  /// Its name.
  public var id: ActID
  /// A shorter name that no other device's act has: `k7m-118`.
  public var shortName: String
  /// What its device calls itself; nil where it does not say.
  public var deviceName: String?
  /// This machine did it.
  public var isOwn: Bool
  /// When it was done, by the clock of its device.
  public var at: Timestamp
  /// The act that it took back; nil when it is no undo.
  public var undoes: ActID?
  /// A shorter name of that.
  public var undoesShortName: String?
  /// What it undid was undone itself: it is a redo.
  public var isRedo: Bool
  /// It does not hold any more.
  public var isUndone: Bool
  /// What it did, in the order in which it was written.
  public var changes: [Change]
  /// How many of its lines a newer version wrote, which are not understood here.
  public var unknownLines: Int
}

/// What came of undoing an act.
public struct UndoOutcome: Hashable, Sendable {
  /// What was named: an act, an undo or a redo.
  public var act: ActSummary
  /// What was undone, or done again: the act itself, which no undo is.
  public var root: ActSummary
  /// The name of the undo; nil when nothing was written.
  public var undo: ActID?
  /// It was an undo that was undone: what that took back holds again.
  public var isRedo: Bool
  /// It was undone already, so nothing was written.
  public var wasUndone: Bool
  /// How many articles are as they were.
  public var articles = 0
  /// How many rules are as they were.
  public var rules = 0
  /// The feeds that are as they were.
  public var feeds: Set<FeedID> = []
  /// Feeds whose address is another one now.
  public var movedFeeds: Set<FeedID> = []
  /// How many marks of articles and settings of feeds were changed since, and are left.
  public var left = 0
  /// How many purged articles stay so, for their bodies are dropped by now.
  public var emptied = 0
}
