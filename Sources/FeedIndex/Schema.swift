import GRDB

/// The tables of the index.
///
/// A change of anything here counts `version` up, and every older index is then thrown away and
/// built anew from the store.
enum Schema {
  static let version: Int64 = 22

  /// What follows from the lines of the store, and is made anew by folding them.
  static let foldedTables = [
    "segment", "feed", "feed_register", "article", "article_key", "article_register",
    "tie", "tied_line", "tied_key", "tied_wanted",
  ]

  /// Forgets the full text, which follows from the articles.
  static let forgetTexts = """
    INSERT INTO words (words) VALUES ('delete-all');
    DELETE FROM words_row; DELETE FROM words_stale; DELETE FROM words_waiting;
    UPDATE words_end SET article = 0, count = 0, old = 0, farthest = 0
    """

  /// Forgets what is similar, which follows from the texts of the articles.
  static let forgetSimilar = """
    DELETE FROM similar; DELETE FROM similar_mark; DELETE FROM similar_stale;
    UPDATE similar_end SET article = 0
    """

  /// What this machine alone knows, and no line says.
  static let polledTables = ["poll", "poll_log", "host"]

  /// What is built last where much is folded at once: sorting is far quicker than inserting.
  static let indexes = """
    -- Lists of unread articles read one part of it, lists of all articles both, side by side.
    CREATE INDEX article_by_moment ON article (read, moment DESC, origin, line) WHERE gone = 0;
    CREATE INDEX article_by_feed ON article (feed, fingerprint);
    CREATE INDEX article_by_name ON article (feed, name);
    CREATE INDEX article_by_page ON article (page) WHERE page IS NOT NULL;
    -- A few: what is done with new articles.
    CREATE INDEX register_of_rule ON article_register (head, rest) WHERE name = 'rule';
    -- Nearly always empty: what a person said of which story an article is a part.
    CREATE INDEX register_of_story ON article_register (at, device, sum) WHERE name = 'story';
    """

  static let sql = """
    CREATE TABLE segment (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      position INTEGER NOT NULL,
      tail BLOB NOT NULL,
      -- The greatest number that a line of it ever had, also when it is shorter now.
      last INTEGER NOT NULL DEFAULT 0,
      -- It is not there now; what came from it stays.
      missing INTEGER NOT NULL DEFAULT 0
    );

    CREATE TABLE feed (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      url TEXT,
      title TEXT,
      source_title TEXT,
      source_site TEXT,
      subscribed INTEGER NOT NULL DEFAULT 0,
      -- How many articles it has that are not hidden, and how many of them are unread; `Fold` counts.
      total INTEGER NOT NULL DEFAULT 0,
      unread INTEGER NOT NULL DEFAULT 0
    );

    CREATE INDEX feed_by_url ON feed (url);

    -- The winning write to each register of a feed.
    CREATE TABLE feed_register (
      feed TEXT NOT NULL,
      name TEXT NOT NULL,
      value BLOB,
      at INTEGER NOT NULL,
      device TEXT NOT NULL,
      sum INTEGER NOT NULL,
      PRIMARY KEY (feed, name)
    ) WITHOUT ROWID;

    CREATE TABLE article (
      number INTEGER PRIMARY KEY,
      -- 13 bytes each: the id first, then the others in their order.
      keys BLOB NOT NULL,
      feed INTEGER NOT NULL,
      hash TEXT NOT NULL,
      title TEXT,
      url TEXT,
      authors TEXT,
      published INTEGER,
      modified INTEGER,
      received INTEGER NOT NULL,
      -- What lists are ordered by: published or modified, but never later than received.
      moment INTEGER NOT NULL,
      fingerprint INTEGER,
      -- What its title, or its date, and its link are looked up by: `nameHash` and `pageHash`.
      name INTEGER,
      page INTEGER,
      read INTEGER NOT NULL DEFAULT 0,
      starred INTEGER NOT NULL DEFAULT 0,
      tags TEXT,
      -- It was purged, and not starred since: nothing shows it, and its keys stay known.
      gone INTEGER NOT NULL DEFAULT 0,
      -- A rule hid it: only who asks for what is hidden sees it.
      hidden INTEGER NOT NULL DEFAULT 0,
      -- Two revisions of it that are not minor have different hashes.
      changed INTEGER NOT NULL DEFAULT 0,
      -- The least hash of those: null for the hash of the newest revision, empty for none.
      major TEXT,
      -- The oldest revision: by whom, and its line's number. Articles of one moment follow it.
      origin TEXT NOT NULL,
      line INTEGER NOT NULL,
      -- The newest revision: when and by whom, null for as the oldest; and where its line stands.
      at INTEGER,
      device TEXT,
      sum INTEGER NOT NULL,
      segment INTEGER NOT NULL,
      position INTEGER NOT NULL,
      length INTEGER NOT NULL
    );

    -- What is so of few articles: who asks for those does not go through all. Nearly no article is
    -- one of them when it comes, so these cost little where many come.
    CREATE INDEX article_starred ON article (starred) WHERE starred = 1;
    CREATE INDEX article_changed ON article (changed) WHERE changed = 1;
    CREATE INDEX article_hidden ON article (hidden) WHERE hidden = 1;
    CREATE INDEX article_tagged ON article (tags) WHERE tags IS NOT NULL;

    -- Every key of every article; `head` and `rest` are those of `HashID`.
    CREATE TABLE article_key (
      head INTEGER NOT NULL,
      rest INTEGER NOT NULL,
      article INTEGER NOT NULL,
      PRIMARY KEY (head, rest)
    ) WITHOUT ROWID;

    -- The winning write to each register under each key, whether its article is here or not.
    CREATE TABLE article_register (
      head INTEGER NOT NULL,
      rest INTEGER NOT NULL,
      name TEXT NOT NULL,
      value BLOB,
      at INTEGER NOT NULL,
      device TEXT NOT NULL,
      sum INTEGER NOT NULL,
      PRIMARY KEY (head, rest, name)
    ) WITHOUT ROWID;

    -- What holds of the registers part and join, where they say anything. Where nobody ever took
    -- articles apart or joined some, this table and the next three are empty.
    CREATE TABLE tie (
      head INTEGER NOT NULL,
      rest INTEGER NOT NULL,
      part TEXT,
      other_head INTEGER,
      other_rest INTEGER,
      PRIMARY KEY (head, rest)
    ) WITHOUT ROWID;
    CREATE INDEX tie_by_other ON tie (other_head, other_rest) WHERE other_head IS NOT NULL;

    -- Every line of articles that are concerned, as if it were an article alone; `own` has 13 bytes.
    CREATE TABLE tied_line (number INTEGER PRIMARY KEY, \(ArticleRecord.columns), own BLOB NOT NULL);
    -- Every key that these lines name.
    CREATE TABLE tied_key (
      head INTEGER NOT NULL,
      rest INTEGER NOT NULL,
      line INTEGER NOT NULL,
      PRIMARY KEY (head, rest, line)
    ) WITHOUT ROWID;
    -- Keys of articles that are concerned and whose lines have to be looked for.
    CREATE TABLE tied_wanted (
      head INTEGER NOT NULL,
      rest INTEGER NOT NULL,
      PRIMARY KEY (head, rest)
    ) WITHOUT ROWID;

    -- The full text. It keeps no text, and a row says by its number where it stands in lists: see
    -- TextRow. 32 MiB are gathered before they are sorted in, and sixteen of those are made one.
    CREATE VIRTUAL TABLE words USING fts5 (title, body, content = '', columnsize = 0,
      tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
    INSERT INTO words (words, rank)
    VALUES ('hashsize', 33554432), ('automerge', 16), ('crisismerge', 32);

    -- The article of each row of words; null where it has another row now, or is no more.
    CREATE TABLE words_row (row INTEGER PRIMARY KEY, article INTEGER UNIQUE);
    CREATE TABLE words_end (
      -- The greatest number of an article with text.
      article INTEGER NOT NULL,
      -- How many rows there are, and how many of them have no article.
      count INTEGER NOT NULL,
      old INTEGER NOT NULL,
      -- How far the farthest row stands from where its moment would have it.
      farthest INTEGER NOT NULL
    );
    INSERT INTO words_end VALUES (0, 0, 0, 0);
    -- Articles up to there whose text has changed since.
    CREATE TABLE words_stale (article INTEGER PRIMARY KEY);
    -- Articles whose line could not be read, in the segment where that stands.
    CREATE TABLE words_waiting (article INTEGER PRIMARY KEY, segment INTEGER NOT NULL);
    CREATE INDEX words_waiting_by_segment ON words_waiting (segment);

    -- What is similar: each pair both ways. Filled when somebody asks for it, as the words are.
    CREATE TABLE similar (
      article INTEGER NOT NULL,
      other INTEGER NOT NULL,
      PRIMARY KEY (article, other)
    ) WITHOUT ROWID;

    -- By what articles are found that may be similar: see SimilarMark.
    CREATE TABLE similar_mark (
      mark INTEGER NOT NULL,
      article INTEGER NOT NULL,
      PRIMARY KEY (mark, article)
    ) WITHOUT ROWID;

    -- The greatest number of an article that was compared.
    CREATE TABLE similar_end (article INTEGER NOT NULL);
    INSERT INTO similar_end VALUES (0);
    -- Articles up to there whose text has changed since.
    CREATE TABLE similar_stale (article INTEGER PRIMARY KEY);

    -- What is known about polling each feed, on this machine alone.
    CREATE TABLE poll (
      feed TEXT PRIMARY KEY,
      url TEXT,
      etag TEXT,
      last_modified TEXT,
      next_due INTEGER,
      wait TEXT,
      retry_after INTEGER,
      last_attempt INTEGER,
      last_success INTEGER,
      last_document INTEGER,
      last_forced INTEGER,
      last_status INTEGER,
      last_error TEXT,
      trouble TEXT,
      failures INTEGER NOT NULL DEFAULT 0,
      failing_since INTEGER,
      note TEXT,
      cadence_seconds INTEGER,
      gap_seconds INTEGER,
      newest_article INTEGER,
      -- Sets of small numbers, one bit each.
      skip_hours INTEGER NOT NULL DEFAULT 0,
      skip_days INTEGER NOT NULL DEFAULT 0,
      body_hash TEXT,
      move_target TEXT,
      move_since INTEGER,
      move_polls INTEGER,
      hub TEXT,
      topic TEXT,
      asked_url TEXT,
      -- The last answers, as far as they were alike; those before stand in poll_log.
      since INTEGER,
      until INTEGER,
      count INTEGER,
      status INTEGER,
      words TEXT,
      wire_bytes INTEGER,
      elapsed INTEGER
    ) WITHOUT ROWID;

    -- Answers of each feed that were alike, before those of poll; the oldest are dropped.
    CREATE TABLE poll_log (
      feed TEXT NOT NULL,
      since INTEGER NOT NULL,
      until INTEGER NOT NULL,
      count INTEGER NOT NULL,
      status INTEGER,
      words TEXT NOT NULL,
      wire_bytes INTEGER NOT NULL,
      elapsed INTEGER NOT NULL,
      PRIMARY KEY (feed, since)
    ) WITHOUT ROWID;

    -- Host names that are left alone for a while.
    CREATE TABLE host (
      name TEXT PRIMARY KEY,
      parked_until INTEGER NOT NULL,
      reason TEXT NOT NULL,
      silences INTEGER NOT NULL,
      binding INTEGER NOT NULL,
      feeds_per_run INTEGER
    ) WITHOUT ROWID;
    """
}
