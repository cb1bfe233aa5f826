import FeedModel

/// Podcasts: Apple's `itunes:` elements, those of podcastindex.org, and Podlove's chapters.
extension FeedBuilder {
  /// An element of `itunes:` in a channel.
  func startITunesFeed(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .author: return gather(.author, .plain)
    case .subtitle: return gather(.summary(rank: 8), .guess)
    case .summary: return gather(.summary(rank: 7), .guess)
    case .keywords: return gather(.keywords, .plain)
    case .category: return beginCategory(attributes)
    case .image:
      feedIcon.offer((attributes[.href] ?? attributes[.url]).flatMap(resolvedLink), rank: 1)
      return .ignored
    case .explicit: return gather(.fact(.isExplicit), .plain)
    case .block: return gather(.fact(.isBlocked), .plain)
    case .complete: return gather(.fact(.isComplete), .plain)
    case .type: return gather(.fact(.podcastKind), .plain)
    case .newFeedURL: return gather(.fact(.newFeedURL), .plain)
    case .owner: return beginPerson(.owner)
    default: return .ignored
    }
  }

  /// An element of `itunes:` in an item.
  func startITunesItem(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .author: return gather(.author, .plain)
    case .duration: return gather(.duration, .plain)
    case .title: return gather(.title(rank: 7), .plain)
    case .subtitle: return gather(.summary(rank: 8), .guess)
    case .summary: return gather(.summary(rank: 6), .guess)
    case .keywords: return gather(.keywords, .plain)
    case .category: return beginCategory(attributes)
    case .image:
      draft?.image.offer((attributes[.href] ?? attributes[.url]).flatMap(resolvedLink), rank: 0)
      return .ignored
    case .season: return gather(.fact(.season(name: nil)), .plain)
    case .episode: return gather(.fact(.episodeNumber(name: nil)), .plain)
    case .episodeType: return gather(.fact(.episodeKind), .plain)
    case .explicit: return gather(.fact(.isExplicit), .plain)
    case .block: return gather(.fact(.isBlocked), .plain)
    default: return .ignored
    }
  }

  /// `itunes:category`: the name is an attribute, and a category may hold narrower ones.
  func beginCategory(_ attributes: XMLAttributes) -> Context {
    if isInItem {
      addTag(attributes[.text])
      return .category
    }
    guard let name = line(attributes[.text]) else { return .category }
    let isNarrower = stack.last == .category
    say {
      let last = $0.podcast.categories.count - 1
      if !isNarrower, hasRoom(in: last + 1) {
        $0.podcast.categories.append(PodcastCategory(name: name))
      } else if isNarrower, last >= 0,
        hasRoom(in: $0.podcast.categories[last].subcategories.count)
      {
        $0.podcast.categories[last].subcategories.append(name)
      }
    }
    return .category
  }

  /// An element of `podcast:` in a channel or an item.
  func startPodcast(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch (name.element, isInItem) {
    case (.person, _): return startPerson(attributes)
    case (.location, _): return startLocation(attributes)
    case (.license, _): addLicense(attributes[.url])
    case (.season, true): return gather(.fact(.season(name: line(attributes[.name]))), .plain)
    case (.episode, true):
      return gather(.fact(.episodeNumber(name: line(attributes[.display]))), .plain)
    case (.soundbite, true): return startSoundbite(attributes)
    case (.transcript, true):
      guard let file = linkedFile(attributes) else { return .ignored }
      say {
        let count = $0.episode.transcripts.count
        if hasRoom(in: count) { $0.episode.transcripts.append(file) }
      }
    case (.chapters, true):
      guard let file = linkedFile(attributes) else { return .ignored }
      say { $0.episode.chaptersFile = $0.episode.chaptersFile ?? file }
    case (.guid, false): return gather(.fact(.podcastGUID), .plain)
    case (.medium, false): return gather(.fact(.podcastMedium), .plain)
    case (.locked, false): return gather(.fact(.isLocked), .plain)
    case (.funding, false):
      guard let url = attributes[.url].flatMap(resolvedLink),
        hasRoom(in: feedFacts.podcast.funding.count)
      else { return .ignored }
      feedFacts.podcast.funding.append(Funding(url: url))
      return gather(.fact(.fundingTitle), .plain)
    default: break
    }
    return .ignored
  }

  /// Podlove's `psc:chapters`, and each `psc:chapter` in it.
  func startInChapters(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    guard name.namespace == .chapters, isInItem else { return .ignored }
    if name.element == .chapters { return .chapters }
    guard name.element == .chapter, let start = attributes[.start] else { return .ignored }
    guard let seconds = Self.moment(Self.trimmed(start) ?? "") else {
      note(.badValue, start)
      return .ignored
    }
    var chapter = Chapter(startInSeconds: seconds)
    chapter.title = line(attributes[.title])
    chapter.url = attributes[.href].flatMap(resolvedLink)
    chapter.image = attributes[.image].flatMap(resolvedLink)
    say {
      if hasRoom(in: $0.episode.chapters.count) { $0.episode.chapters.append(chapter) }
    }
    return .ignored
  }

  func finishPodcastFact(_ fact: FactField, _ bytes: [UInt8]) {
    let text = string(bytes)
    switch fact {
    case .season(let name):
      guard let season = Self.size(text) else { return note(.badValue, text) }
      say {
        $0.episode.season = $0.episode.season ?? Int(season)
        $0.episode.seasonName = $0.episode.seasonName ?? name
      }
    case .episodeNumber(let name):
      guard let number = Self.decimal(text), number >= 0 else { return note(.badValue, text) }
      say {
        $0.episode.number = $0.episode.number ?? number
        $0.episode.numberName = $0.episode.numberName ?? name
      }
    case .episodeKind:
      guard let kind = EpisodeKind(rawValue: text.lowercased()) else {
        return note(.badValue, text)
      }
      say { $0.episode.kind = kind }
    case .isExplicit:
      guard let flag = Self.flag(text) else { return note(.badValue, text) }
      say { $0.isExplicit = flag }
    // Only a yes says something here: any other word is as good as none.
    case .isBlocked: if Self.flag(text) == true { say { $0.isBlocked = true } }
    case .isComplete: if Self.flag(text) == true { feedFacts.podcast.isComplete = true }
    case .soundbiteTitle:
      let title = title(bytes)
      say { $0.episode.soundbites[$0.episode.soundbites.count - 1].title = title }
    case .person(var person):
      guard let name = title(bytes) else { return }
      person.name = name
      say { if hasRoom(in: $0.people.count) { $0.people.append(person) } }
    default: finishChannelFact(fact, bytes)
    }
  }

  private func finishChannelFact(_ fact: FactField, _ bytes: [UInt8]) {
    let text = string(bytes)
    switch fact {
    case .podcastGUID: feedFacts.podcast.guid = text
    case .podcastMedium: feedFacts.podcast.medium = text.lowercased()
    case .podcastKind:
      guard let kind = PodcastKind(rawValue: text.lowercased()) else {
        return note(.badValue, text)
      }
      feedFacts.podcast.kind = kind
    case .isLocked:
      guard let flag = Self.flag(text) else { return note(.badValue, text) }
      feedFacts.podcast.isLocked = flag
    case .newFeedURL: feedFacts.podcast.newFeedURL = resolvedLink(text)
    case .fundingTitle:
      feedFacts.podcast.funding[feedFacts.podcast.funding.count - 1].title = title(bytes)
    default: break
    }
  }

  private func startPerson(_ attributes: XMLAttributes) -> Context {
    var person = Participant(name: "")
    person.role = line(attributes[.role])?.lowercased()
    person.group = line(attributes[.group])?.lowercased()
    person.url = attributes[.href].flatMap(resolvedLink)
    person.image = attributes[.img].flatMap(resolvedLink)
    return gather(.fact(.person(person)), .plain)
  }

  private func startSoundbite(_ attributes: XMLAttributes) -> Context {
    let start = attributes[.startTime] ?? ""
    let duration = attributes[.duration] ?? ""
    guard let startInSeconds = Self.moment(Self.trimmed(start) ?? ""),
      let durationInSeconds = Self.moment(Self.trimmed(duration) ?? "")
    else {
      note(.badValue, start + " " + duration)
      return .ignored
    }
    guard hasRoom(in: itemFacts.episode.soundbites.count) else { return .ignored }
    let part = Soundbite(startInSeconds: startInSeconds, durationInSeconds: durationInSeconds)
    say { $0.episode.soundbites.append(part) }
    return gather(.fact(.soundbiteTitle), .plain)
  }

  private func linkedFile(_ attributes: XMLAttributes) -> LinkedFile? {
    guard let url = attributes[.url].flatMap(resolvedLink) else { return nil }
    var file = LinkedFile(url: url)
    file.mimeType = attributes[.type].flatMap(Self.trimmed)
    file.language = attributes[.language].flatMap(Self.languageTag)
    file.relation = attributes[.rel].flatMap(Self.trimmed)?.lowercased()
    return file
  }

  /// The text of an attribute on one line, counted as text of the article; nil when there is none.
  private func line(_ value: String?) -> String? {
    guard let bytes = value.map({ Array($0.utf8) }),
      articleBytes + bytes.count <= Limit.articleBytes.value
    else { return nil }
    articleBytes += bytes.count
    let line =
      looksLikeHTML(bytes, isTitle: true)
      ? plainText(ofHTML: bytes, keepingUnknownTags: true) : collapsed(bytes)
    return line.isEmpty ? nil : line
  }
}
