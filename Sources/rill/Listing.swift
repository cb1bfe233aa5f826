import FeedIndex
import FeedModel
import FeedText

/// Articles in columns: id, age, flags, feed, title.
///
/// Of an id the part is marked that is enough to name it. Under headings of days the time of day
/// stands in place of the age, and under those of feeds no feed.
struct Listing {
  var articles: [ArticleRow]
  var prefixLengths: [ArticleID: Int]
  var now: Timestamp
  var heading: ListHeading?
  /// Where the words stand that were looked for.
  var snippets: [ArticleID: Snippet] = [:]

  /// Writes one line an article, and one of what is similar.
  ///
  /// - Parameters:
  ///   - output: Gets each line as it is made: there may be a hundred thousand.
  ///   - columns: The cells that a line may take; nil cuts nothing.
  func write(to output: Output, columns: Int?) {
    // A feed has many articles: its title is filtered, measured and cut once.
    let titles = heading == .feed ? [] : Set(articles.map(\.feedTitle))
    let names = titles.map { terminalSafe($0) }
    let idCells = articles.map { prefixLengths[$0.id] ?? HashID.length }.max() ?? 4
    let flagCells = max(1, articles.map(\.flags.count).max() ?? 1)
    let feedCells = min(names.map { cellWidth($0) }.max() ?? 0, feedCellsMax(columns))
    let columnsByTitle = Dictionary(
      uniqueKeysWithValues: zip(titles, names)
        .map { title, name in
          (title, feedCells > 0 ? padded(name, toCells: feedCells) + "  " : "")
        }
    )
    let timeCells = heading == .day ? 5 : 4
    let used = idCells + 2 + timeCells + 1 + flagCells + 1 + (feedCells > 0 ? feedCells + 2 : 0)
    let room = columns.map { max($0 - used, 10) }
    var group: String?
    for article in ordered {
      if let name = headingName(of: article), name != group {
        if group != nil { output.line("") }
        output.line([Piece(columns == nil ? capped(name) : name, .bold)], cellsMax: columns)
        group = name
      }
      let title = terminalSafe(article.title ?? article.url ?? "(no title)")
      let also = also(article, beside: title, room: room)
      let id = article.id.description
      let unique = prefixLengths[article.id] ?? HashID.length
      output.line(
        [
          Piece(String(id.prefix(unique)), .yellow),
          Piece(String(id.dropFirst(unique).prefix(idCells - unique)), .dim),
          Piece("  " + time(of: article)),
          Piece(" " + padded(article.flags, toCells: flagCells) + " ", .red),
          Piece(columnsByTitle[article.feedTitle] ?? "", .cyan),
          Piece(room.map { fitted(title, toCells: $0 - cellWidth(also)) } ?? capped(title)),
          Piece(also, .dim),
        ]
        .filter { !$0.text.isEmpty },
        cellsMax: columns
      )
      if let line = line(of: snippets[article.id], indent: idCells + 2, columns: columns) {
        output.line(line, cellsMax: columns)
      }
      let similar = similar(article, indent: idCells + 2, columns: columns)
      if !similar.isEmpty { output.line([Piece(similar, .dim)], cellsMax: columns) }
    }
  }

  /// In their order; under headings of feeds those of one feed together, the feed with the newest
  /// first.
  private var ordered: [ArticleRow] {
    guard heading == .feed else { return articles }
    var places: [FeedID: Int] = [:]
    var groups: [[ArticleRow]] = []
    for article in articles {
      if let place = places[article.feed] {
        groups[place].append(article)
      } else {
        places[article.feed] = groups.count
        groups.append([article])
      }
    }
    return Array(groups.joined())
  }

  private func headingName(of article: ArticleRow) -> String? {
    switch heading {
    case .day: LocalDate(article.moment).words(now: LocalDate(now))
    case .feed: terminalSafe(article.feedTitle)
    case nil: nil
    }
  }

  /// The ids and feeds of what is similar, below the article.
  private func similar(_ article: ArticleRow, indent: Int, columns: Int?) -> String {
    guard !article.similar.isEmpty else { return "" }
    let names = article.similar.map { "\(shortID(of: $0)) \(terminalSafe($0.feedTitle))" }
    let words =
      String(repeating: " ", count: indent) + "similar: " + names.joined(separator: ", ")
    return columns.map { fitted(words, toCells: $0) } ?? capped(words)
  }

  private func shortID(of article: ArticleRow) -> String {
    String(article.id.description.prefix(prefixLengths[article.id] ?? HashID.length))
  }

  /// Where else the article is; how many other feeds have it, where that is too much for the line.
  private func also(_ article: ArticleRow, beside title: String, room: Int?) -> String {
    guard !article.copies.isEmpty else { return "" }
    let names = article.copies.prefix(4).map { terminalSafe($0.feedTitle) }
    let more = article.copies.count - names.count
    let words =
      " · also in \(names.joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
    guard let room else { return capped(words) }
    return cellWidth(title) + cellWidth(words) <= room ? words : " +\(article.copies.count)"
  }

  /// A quarter of a terminal, and not much more than a name needs; nothing where the title would
  /// have no room beside it.
  private func feedCellsMax(_ columns: Int?) -> Int {
    guard let columns else { return 24 }
    return columns < 40 ? 0 : min(columns / 4, columns < 140 ? 24 : 36)
  }

  /// How long ago, in four cells: ` 5m`, `12h`, ` 3d`, `14mo`; or the time of the day.
  private func time(of article: ArticleRow) -> String {
    if heading == .day { return LocalDate(article.moment).time }
    let text = rill.age(seconds: now.seconds - article.moment.seconds)
    return String(repeating: " ", count: max(0, 4 - text.count)) + text
  }
}

/// A length of time in at most four characters.
func age(seconds: Int64) -> String {
  switch seconds {
  case ..<60: "now"
  case ..<3600: "\(seconds / 60)m"
  case ..<86_400: "\(seconds / 3600)h"
  case ..<(60 * 86_400): "\(seconds / 86_400)d"
  case ..<(730 * 86_400): "\(seconds / (30 * 86_400))mo"
  default: "\(seconds / (365 * 86_400))y"
  }
}

/// A text off a terminal, of any length but the absurd.
func capped(_ text: String) -> String {
  text.utf8.count <= 2000 ? text : fitted(text, toCells: 2000)
}
