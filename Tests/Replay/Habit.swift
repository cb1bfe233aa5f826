/// What a publisher does that makes articles hard to know again, or easy to take for each other.
public enum Habit: String, Hashable, Sendable, CaseIterable {
  // What the publisher is like all year.
  case pageGuid = "guid is the page"
  case numberedGuid = "guid is http://host/?p=N"
  case opaqueGuid = "guid is opaque"
  case noGuid = "no guid"
  case randomGuid = "guid random at each fetch"
  case timedGuid = "guid with the time of the fetch"
  case titledGuid = "guid made from the title"
  case datedGuid = "guid made from the date"
  case hashedGuid = "guid made from title and text"
  case oneGuid = "one guid on all"
  case pageLink = "link is the page"
  case noLink = "no link"
  case homeLink = "one link on all"
  case dailyLink = "one daily link, one item"
  case campaignLink = "campaign in the link changes"
  case sessionLink = "session in the link changes"
  case realDate = "date of publication"
  case noDate = "no date"
  case dateOfFetch = "date is the time of the fetch"
  case dateOfEdit = "date follows edits"
  case essays = "essays"
  case untitled = "no titles"
  case titlesOnly = "no text"
  case weeklyThread = "weekly thread: one title, one text"
  case report = "report: one title, numbers in one text"
  case comic = "comic: one-word titles, a picture"
  case podcast = "podcast: one description, files"
  case counters = "counters tick in the text"
  case markup = "markup changes at each fetch"
  case shuffled = "order shuffled"
  case oldestFirst = "oldest first"
  case alternating = "two sets alternate"
  case repeating = "items stand twice"
  case returning = "old items come back"
  case withoutSpaces = "a language without spaces"

  // What happens on a day.
  case toHTTPS = "http became https"
  case domainMoved = "domain moved"
  case systemExchanged = "CMS exchanged: guids and links"
  case guidsExchanged = "guids exchanged"
  case formatExchanged = "RSS and Atom exchanged"
  case titleEdited = "title edited"
  case textMended = "a word of the text edited"
  case textRewritten = "text rewritten"
  case titleAndTextEdited = "title and text edited"
  case serverError = "500"
  case errorPage = "HTML in place of the feed"
  case emptyAnswer = "200 without a body"
  case cut = "document cut"

  /// It is seen on single days, and not in everything that the publisher does.
  public var isOfADay: Bool {
    Self.allCases.firstIndex(of: self) ?? 0 >= Self.allCases.firstIndex(of: .toHTTPS) ?? 0
  }
}
