import ArgumentParser
import FeedIndex
import FeedJSON
import FeedModel
import FeedStore
import FeedSync
import FeedText

/// `rill show`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Read articles.",
    discussion: """
      Lines are at most 80 cells wide, less where the terminal is narrow; code and
      the addresses of links keep theirs. Links are numbered, and their addresses
      stand at the end; notes are [^1]. On a terminal links and pictures are also
      hyperlinks (OSC 8), except where it is known for showing them badly, and
      never in a pipe, without colour, or in a pager other than less.
      --no-hyperlinks or RILL_HYPERLINKS=never turns them off.

      Long text is shown by $PAGER, else by less -FRX; PAGER=cat or an empty one is
      none. --html is for a browser: without scripts, handlers, frames and forms.

      Examples:
        rill show k7m2
        rill show k7m2 b3xw --no-pager
        rill show k7m2 --html > article.html
        rill show k7m2 --json | jq -r '.attachments[].url'
      """
  )

  @OptionGroup var common: CommonOptions
  @OptionGroup var view: ViewOptions
  @Argument(help: "Ids or unique beginnings of ids.", completion: .articles) var ids: [String]
  @Flag(help: "Print the body as HTML without scripts.") var html = false
  @Flag(help: "Print the whole article as one JSON Feed item a line.") var json = false
  @Flag(help: "Print the body as the publisher sent it, control characters and all.") var raw =
    false
  @Flag(help: "Print no hyperlinks; addresses stand at the end all the same.")
  var noHyperlinks = false

  func validate() throws {
    if [html, json, raw].count(where: \.self) > 1 {
      throw ValidationError("Choose one of --html, --json and --raw.")
    }
  }

  func run() throws {
    let surroundings = try Surroundings(common)
    let library = try surroundings.library()
    let named = try ids.map { try library.article(named: $0) }
    var rows = try failing { () throws(LibraryError) in try library.withCopies(named) }
    if !raw, !html { rows = try withSimilar(rows, library) }
    view.apply(isPaged: !html && !json && !raw, hyperlinks: !noHyperlinks)
    for (index, row) in rows.enumerated() {
      let article = try self.article(row, library)
      let item = article.item
      if json {
        var writer = JSONWriter()
        item.write(to: &writer, fallbackID: article.id.description) {
          $0.similar("_similar", row.similar)
        }
        Output.standard.raw(writer.bytes + [0x0A])
      } else if raw {
        Output.standard.raw(Array((item.contentHTML ?? item.contentText ?? "").utf8) + [0x0A])
      } else if html {
        for line in sanitised(item).split(separator: "\n", omittingEmptySubsequences: false) {
          Output.standard.line([Piece(String(line))], isArticle: true)
        }
      } else {
        if index > 0 {
          Output.standard.line("")
          Output.standard.line([Piece(String(repeating: "═", count: 20), .dim)])
          Output.standard.line("")
        }
        let layout = ShowLayout(item, row, columns: Output.standard.columns)
        for line in layout.lines {
          Output.standard.line(line.pieces, isArticle: line.isArticle)
        }
      }
    }
  }

  private func article(_ row: ArticleRow, _ library: Library) throws -> Article {
    let name = "The text of \(row.id), \"\(capped(row.title ?? "no title"))\","
    do throws(LibraryError) {
      guard let article = try library.article(at: row) else {
        throw LibraryError.store(.gone(path: row.place.segment))
      }
      if article.item == article.item.withoutBody {
        Output.error.line("\(name) is not here: it was purged or lost, or there never was one.")
      }
      return article
    } catch {
      guard case .store(.gone) = error else { throw rill.words(for: error) }
      throw Failure(
        .inputOutput,
        "\(name) is not here: its line is not in \(row.place.segment) any more, or that file is not "
          + "there. Is a disk not mounted, or has a device's directory not arrived? Else: rill doctor."
          + (row.url.map { " Its page: \($0)" } ?? "")
      )
    }
  }

  private func sanitised(_ item: FeedItem) -> String {
    if let body = item.contentHTML { return sanitisedHTML(body, baseURL: item.url) }
    return sanitisedHTML(plain: item.contentText ?? item.summary ?? "")
  }
}
