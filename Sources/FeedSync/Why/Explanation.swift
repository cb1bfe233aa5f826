public import FeedIndex
public import FeedModel

/// Everything that the store says of one article or one feed, and what it comes to.
public struct Explanation: Hashable, Sendable {
  /// What is explained.
  public enum Subject: Hashable, Sendable {
    /// An article, by all its keys, the id first.
    case article([ArticleID])
    /// A feed.
    case feed(FeedID)
  }

  /// What holds now of an article.
  public struct Present: Hashable, Sendable {
    /// Whether what it says can be read.
    public enum Text: String, Hashable, Sendable {
      /// It is here.
      case here
      /// It was purged and dropped.
      case dropped
      /// Its line cannot be read now, or never came.
      case missing
    }

    /// What the person did to it.
    public var marks: MarkState
    /// When it came first; nil for marks without an article.
    public var received: Timestamp?
    /// How many texts it had, one after the other.
    public var revisions: Int
    /// Whether its text is here.
    public var text: Text
    /// Registers that hold something else than the lines say: only the index knows why.
    public var unexplained: [String]
    /// The articles of other feeds that are one story with it.
    public var copies: [ArticleCopy] = []
  }

  /// What is explained.
  public var subject: Subject
  /// What it is called now.
  public var title: String?
  /// Where the article came from, or the feed itself; nil where nothing is known of it.
  public var feed: FeedRow?
  /// What each key was made of, as far as a line still says.
  public var sources: [ArticleID: KeySource] = [:]
  /// The rules that there are.
  public var rules: Set<ArticleID> = []
  /// The oldest first.
  public var events: [ExplainedEvent]
  /// What names it and was not believed, or could not be read.
  public var disbelieved: [Library.Damage] = []
  /// What holds now; nil for a feed, whose row says so.
  public var present: Present?
  /// Its newest revision.
  var newest: Article?

  /// What it and another article have in common and what not; nil where one of them is not here.
  public func evidence(beside other: Explanation) -> MatchEvidence? {
    guard let newest, let earlier = other.newest else { return nil }
    return matchEvidence(newest, earlier)
  }
}

/// One line of the store about an article or a feed.
public struct ExplainedEvent: Hashable, Sendable {
  /// What it says.
  public enum Deed: Hashable, Sendable {
    /// The article came, or came again with something new.
    case revision(ExplainedRevision)
    /// A mark or a setting.
    case write(ExplainedWrite)
    /// What a newer version wrote, which has no effect here: its operation.
    case notUnderstood(String)
  }

  /// When, by the clock of its device.
  public var at: Timestamp
  /// Who wrote it.
  public var device: ExplainedDevice
  /// Where it stands.
  public var place: LinePlace
  /// It has no checksum.
  public var isByHand: Bool
  /// The device that wrote it down again, after the first was forgotten.
  public var takenOverBy: ExplainedDevice?
  /// It says that this machine wrote it, which was not believed.
  public var isClaim: Bool
  /// What it says.
  public var deed: Deed
}

/// A device, as a person knows it.
public struct ExplainedDevice: Hashable, Sendable {
  /// 8 characters.
  public var id: String
  /// What it calls itself.
  public var name: String?
  /// It is this machine.
  public var isOwn: Bool

  /// Another device of this store has the same name.
  public var isNamedLikeAnother: Bool

  /// Describes a device.
  public init(
    id: String,
    name: String? = nil,
    isOwn: Bool = false,
    isNamedLikeAnother: Bool = false
  ) {
    self.id = id
    self.name = name
    self.isOwn = isOwn
    self.isNamedLikeAnother = isNamedLikeAnother
  }
}

/// A revision of an article, beside those before it.
public struct ExplainedRevision: Hashable, Sendable {
  /// The revision itself.
  public var article: Article
  /// Where it came from.
  public var feed: FeedID
  /// What that feed is called now, and where it is.
  public var feedRow: FeedRow?
  /// How its device recognised it.
  public var rule: MatchRule
  /// All keys of its line.
  public var keys: [ArticleID]
  /// Those that no earlier line has.
  public var newKeys: [ArticleID]
  /// It is the oldest line.
  public var isFirst: Bool
  /// It has no key of an earlier line: what made them one came later.
  public var isApart: Bool
  /// What it has in common with an earlier line; nil for the first.
  public var evidence: MatchEvidence?
  /// When and by whom that line was written.
  public var earlier: Timestamp?
  /// Whose that line is.
  public var earlierDevice: ExplainedDevice?
  /// The hash of what a reader sees.
  public var hash: String
  /// That is another one than before.
  public var isChanged: Bool
  /// Its device found that it says the same, in other markup, white space or typography.
  public var isMinor: Bool
  /// When a revision came that was the same already, before the last.
  public var returnsTo: Timestamp?
  /// What is different from the revision before, as far as both are here.
  public var changes: [ContentChange]
  /// Its text was dropped after a purge.
  public var isPurged: Bool
  /// Its title.
  public var title: String?
  /// Its page.
  public var url: String?
  /// A key of the article that it belongs to, where somebody took that apart from this one.
  public var other: ArticleID?
}

/// A write to a register.
public struct ExplainedWrite: Hashable, Sendable {
  /// The name of an act in its short and its full form.
  public struct ActName: Hashable, Sendable {
    /// The name that it has for ever.
    public var id: ActID
    /// A shorter one that no other device's act has.
    public var short: String
  }

  /// The register.
  public var register: String
  /// What was written.
  public var value: RegisterValue
  /// The value that was there before, by all lines that are older.
  public var before: RegisterValue?
  /// How many articles the line is about.
  public var count: Int
  /// The keys that it is about, where it says which keys are one article.
  public var keys: [ArticleID]
  /// What a person did with it; nil for what was written without an act.
  public var act: ActName?
  /// The act that it takes back.
  public var undoes: ActName?
  /// What it takes back was an undo.
  public var isRedo: Bool
  /// The rule that made the mark.
  public var rule: ArticleID?
  /// The act that took it back, which holds.
  public var undoneBy: ActName?
  /// The register has its value from this line.
  public var holds: Bool
  /// When the write that holds was made, where that is another one.
  public var beatenAt: Timestamp?
  /// Whose that is.
  public var beatenBy: ExplainedDevice?
}
