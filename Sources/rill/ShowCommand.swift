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
      Examples:
        rill show k7m2
        rill show k7m2 --html > article.html
      """
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: "Ids or unique beginnings of ids.") var ids: [String]
  @Flag(help: "Print the body as HTML without scripts.") var html = false
  @Flag(help: "Print the whole article as one JSON Feed item a line.") var json = false
  @Flag(help: "Print the body as the publisher sent it, control characters and all.") var raw =
    false

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
        if index > 0 { Output.standard.line("") }
        print(item, row)
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
    return item.contentText ?? item.summary ?? ""
  }

  private func print(_ item: FeedItem, _ row: ArticleRow) {
    let output = Output.standard
    let width = min(output.columns, 80)
    for line in renderText(plain: item.title ?? "(no title)", width: width).lines {
      output.line([Piece(line, .bold)])
    }
    var facts = [row.feedTitle]
    if !row.authors.isEmpty { facts.append(row.authors.joined(separator: ", ")) }
    facts.append(row.moment.rfc3339(milliseconds: false))
    output.line([Piece(facts.joined(separator: " · "), .dim)])
    if let url = item.url { output.line([Piece(url, .dim)], isArticle: true) }
    for copy in row.copies {
      output.line([Piece("Also in \(copy.feedTitle): rill show \(copy.id)", .dim)])
    }
    output.line("")
    let text =
      if let body = item.contentHTML {
        renderText(html: body, baseURL: item.url, width: width)
      } else {
        renderText(plain: item.contentText ?? item.summary ?? "", width: width)
      }
    for line in text.lines { output.line([Piece(line)], isArticle: true) }
    for attachment in item.attachments {
      output.line([Piece(words(attachment), .green)], isArticle: true)
    }
    if !text.links.isEmpty { output.line("") }
    for (index, link) in text.links.enumerated() {
      output.line([Piece("[\(index + 1)] ", .yellow), Piece(link, .dim)], isArticle: true)
    }
    if !row.similar.isEmpty { output.line("") }
    for other in row.similar {
      output.line([
        Piece("Similar: ", .dim), Piece("\(other.id)", .yellow),
        Piece("  \(other.feedTitle)", .cyan), Piece("  \(other.title ?? "(no title)")"),
      ])
    }
  }

  private func words(_ attachment: Attachment) -> String {
    var facts = [attachment.mimeType].compactMap(\.self)
    if let seconds = attachment.durationInSeconds {
      facts.append("\(seconds / 60) min")
    }
    if let bytes = attachment.sizeInBytes, bytes > 0 {
      facts.append(spelled(bytes: Int(clamping: bytes)))
    }
    let described = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    return "Attached: \(attachment.url)\(described)"
  }
}
