import FeedIndex
import FeedModel
import FeedText

/// Articles in columns: id, age, flags, feed, title.
struct Listing {
  var articles: [ArticleRow]
  var prefixLengths: [ArticleID: Int]
  var now: Timestamp

  /// One line an article, and one of what is similar; cut to `columns` cells, nil cuts nothing.
  func lines(columns: Int?) -> [[Piece]] {
    // A feed has many articles: its title is filtered, measured and cut once.
    let titles = Set(articles.map(\.feedTitle))
    let names = titles.map { terminalSafe($0) }
    let idCells = articles.map { prefixLengths[$0.id] ?? HashID.length }.max() ?? 4
    let feedCells = min(names.map { cellWidth($0) }.max() ?? 0, feedCellsMax(columns))
    let columnsByTitle = Dictionary(
      uniqueKeysWithValues: zip(titles, names)
        .map { title, name in
          (title, padded(fitted(name, toCells: feedCells), toCells: feedCells))
        }
    )
    return
      articles
      .flatMap { article in
        let id = shortID(of: article)
        let flag = article.isStarred ? "*" : article.hasChanged ? "~" : article.isRead ? "r" : " "
        let title = terminalSafe(article.title ?? article.url ?? "(no title)")
        let used = idCells + 2 + 4 + 1 + 1 + 1 + feedCells + 2
        let room = columns.map { max($0 - used, 10) }
        let also = also(article, beside: title, room: room)
        let line =
          [
            Piece(padded(id, toCells: idCells), .yellow),
            Piece("  " + age(of: article)),
            Piece(" \(flag) ", .red),
            Piece(columnsByTitle[article.feedTitle] ?? "", .cyan),
            Piece(
              "  " + (room.map { fitted(title, toCells: $0 - cellWidth(also)) } ?? capped(title))
            ),
          ] + (also.isEmpty ? [] : [Piece(also, .dim)])
        let similar = similar(article, indent: idCells + 2, columns: columns)
        return [line] + (similar.isEmpty ? [] : [[Piece(similar, .dim)]])
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

  /// A quarter of a terminal, and not much more than a name needs.
  private func feedCellsMax(_ columns: Int?) -> Int { min((columns ?? 96) / 4, 24) }

  /// How long ago, in four cells: ` 5m`, `12h`, ` 3d`, `14mo`.
  private func age(of article: ArticleRow) -> String {
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
