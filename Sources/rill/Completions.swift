import ArgumentParser
import FeedIndex
import FeedModel
import FeedSync

extension CompletionKind {
  /// The feeds that are followed: titles, and ids once a part of one is typed.
  static var feeds: CompletionKind {
    .custom { words, place, start in
      let typed = words.indices.contains(place) ? words[place] : start
      return completing(words) { library in
        let feeds = try library.feeds()
        // A title of two feeds names neither.
        let counts = Dictionary(feeds.map { ($0.title, 1) }, uniquingKeysWith: +)
        let (named, nameless) = feeds.reduce(into: ([FeedRow](), [FeedRow]())) { parts, feed in
          let isPlain =
            counts[feed.title] == 1 && feed.title.utf8.count <= 80 && isHarmless(feed.title)
          if isPlain { parts.0.append(feed) } else { parts.1.append(feed) }
        }
        let ids = (typed.isEmpty ? nameless : feeds).map { String($0.id.description.prefix(8)) }
        return named.map(\.title) + ids
      }
    }
  }

  /// The newest articles, by id.
  static var articles: CompletionKind {
    .custom { words, _, start in
      completing(words) { library in
        if start.utf8.count >= 4, HashID.range(ofPrefix: start) != nil {
          switch try library.article(withPrefix: start) {
          case .none: return []
          case .one(let row): return [row.id.description]
          case .many(let rows): return rows.map(\.id.description)
          }
        }
        var query = ArticleQuery()
        query.includesRead = true
        query.limit = 200
        return try library.articles(query).map { String($0.id.description.prefix(8)) }
      }
    }
  }

  /// The rules, by name.
  static var rules: CompletionKind {
    .custom { words, _, _ in completing(words) { try $0.rules().map(\.shortName) } }
  }

  /// The tags of feeds.
  static var tags: CompletionKind {
    .custom { words, _, _ in
      completing(words) { library in
        Set(try library.feeds().flatMap(\.tags)).filter(isHarmless).sorted()
      }
    }
  }
}

/// No shell reads anything into a word: letters, digits, spaces and a few marks.
///
/// bash expands what is suggested to it (`compgen -W`), so that `$(…)`, `<(…)` or `{a,b}` in a title
/// would be run or written anew.
func isHarmless(_ word: String) -> Bool {
  !word.isEmpty && word.first != "-"
    && word.unicodeScalars.allSatisfy { scalar in
      scalar.value < 0x80
        ? " ._-+,/@".unicodeScalars.contains(scalar)
          || (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value)
          || (0x61...0x7A).contains(scalar.value)
        : scalar.properties.isAlphabetic
    }
}

/// What a library has to say to a shell that waits for it.
///
/// Nothing is said of what goes wrong: there is a line half typed. Where there is no index yet it is
/// not made, for that may take long.
private func completing(_ words: [String], _ body: (Library) throws -> [String]) -> [String] {
  // Whatever fails, the shell gets no suggestions, which is all that can be said to it.
  guard let surroundings = try? Surroundings(home: typedHome(in: words)),
    fileExists(surroundings.places.index), fileExists(surroundings.places.store),
    let library = try? Library.open(surroundings.places, application: Rill.version)
  else { return [] }
  // The same.
  return (try? body(library)) ?? []
}

private func typedHome(in words: [String]) -> String? {
  for (word, next) in zip(words, words.dropFirst()) where word == "--home" { return next }
  return words.first { $0.hasPrefix("--home=") }.map { String($0.dropFirst(7)) }
}
