import FeedModel

/// Media RSS (rssboard.org/media-rss).
extension FeedBuilder {
  /// An element of Media RSS in a channel.
  func startMediaFeed(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch name.element {
    case .thumbnail: feedIcon.offer(attributes[.url].flatMap(resolvedLink), rank: 2)
    case .category: return gather(.tag, .guess)
    case .keywords: return gather(.keywords, .plain)
    case .copyright: return gather(.fact(.rights(rank: 2)), .guess)
    case .license: addLicense(attributes[.href])
    default: break
    }
    return .ignored
  }

  /// An element of Media RSS in an item, in `media:group` or in `media:content`.
  func startInMedia(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    guard name.namespace == .media else { return .ignored }
    switch name.element {
    case .group:
      say {
        $0.groupCount += 1
        $0.isInGroup = true
      }
      return .mediaGroup
    case .content:
      media(attributes)
      return .media
    case .community: return .media
    case .title: return gather(.title(rank: 8), Self.mediaKind(attributes))
    case .description: return gather(.summary(rank: 7), Self.mediaKind(attributes))
    case .category: return gather(.category(label: attributes[.label]), .guess)
    case .keywords: return gather(.keywords, .plain)
    case .copyright: return gather(.fact(.rights(rank: 2)), .guess)
    case .credit:
      let role = attributes[.role].flatMap(Self.trimmed)?.lowercased()
      return gather(.fact(.credit(role: role)), .guess)
    case .rating: return gather(.fact(.rating), .plain)
    case .thumbnail: thumbnail(attributes)
    case .license: addLicense(attributes[.href])
    case .player:
      let url = attributes[.url].flatMap(resolvedLink)
      say { $0.media.playerURL = $0.media.playerURL ?? url }
    case .starRating: rate(attributes)
    case .statistics:
      let views = count(attributes[.views])
      let favorites = count(attributes[.favorites])
      say {
        $0.media.views = $0.media.views ?? views
        $0.media.favorites = $0.media.favorites ?? favorites
      }
    default: break
    }
    return .ignored
  }

  func finishMediaFact(_ fact: FactField, _ bytes: [UInt8]) {
    switch fact {
    case .credit(let role):
      guard let name = title(bytes) else { return }
      say {
        if hasRoom(in: $0.media.credits.count) {
          $0.media.credits.append(Credit(name: name, role: role))
        }
        // Who took the picture or lent it has not written the article.
        if role == "author" || role == "writer" { $0.offerAuthor(Author(name: name), rank: 1) }
      }
    case .rating:
      let rating = string(bytes).lowercased()
      say { $0.media.rating = $0.media.rating ?? rating }
    default: break
    }
  }

  /// `media:content`: a picture is the item's image, a sound or a film one of its files.
  private func media(_ attributes: XMLAttributes) {
    guard let reference = attributes[.url], let url = resolvedLink(reference) else { return }
    var file = MediaFile(url: url)
    var length: String?
    var duration: String?
    for index in 0..<attributes.count {
      let name = attributes.name(at: index)
      guard name.namespace == .none, let value = Self.trimmed(attributes.value(at: index)) else {
        continue
      }
      switch name.element {
      case .type: file.mimeType = value
      case .medium: file.medium = value.lowercased()
      case .fileSize: length = value
      case .duration: duration = value
      case .width: file.width = pixels(value)
      case .height: file.height = pixels(value)
      case .bitrate: file.kilobitsPerSecond = positive(value)
      case .lang: file.language = Self.languageTag(value)
      case .isDefault: file.isDefault = Self.flag(value)
      default: break
      }
    }
    let type = file.mimeType?.lowercased() ?? ""
    let medium = file.medium ?? ""
    if medium == "image" || type.hasPrefix("image/") {
      draft?.image.offer(url, rank: 2)
    } else if medium == "audio" || medium == "video" || type.hasPrefix("audio/")
      || type.hasPrefix("video/")
    {
      attach(reference, type: file.mimeType, length: length, duration: duration)
    }
    file.sizeInBytes = length.flatMap(Self.size).flatMap { $0 == 0 ? nil : $0 }
    file.durationInSeconds = duration.flatMap(Self.seconds)
    say {
      guard hasRoom(in: $0.media.files.count) else { return }
      file.group = $0.isInGroup ? $0.groupCount : nil
      $0.media.files.append(file)
    }
  }

  private func thumbnail(_ attributes: XMLAttributes) {
    guard let url = attributes[.url].flatMap(resolvedLink) else { return }
    draft?.image.offer(url, rank: 1)
    var picture = Thumbnail(url: url)
    picture.width = pixels(attributes[.width])
    picture.height = pixels(attributes[.height])
    if let time = attributes[.time].flatMap(Self.trimmed) {
      picture.timeInSeconds = Self.moment(time)
      if picture.timeInSeconds == nil { note(.badValue, time) }
    }
    say { if hasRoom(in: $0.media.thumbnails.count) { $0.media.thumbnails.append(picture) } }
  }

  private func rate(_ attributes: XMLAttributes) {
    var stars = StarRating()
    stars.average = positive(attributes[.average])
    stars.count = count(attributes[.count])
    stars.minimum = positive(attributes[.min])
    stars.maximum = positive(attributes[.max])
    say { if stars != StarRating() { $0.media.stars = $0.media.stars ?? stars } }
  }

  /// A length in pixels; zero stands where it was not known.
  private func pixels(_ text: String?) -> Int? {
    count(text).flatMap { $0 == 0 ? nil : Int($0) }
  }

  private func count(_ text: String?) -> Int64? {
    guard let text = text.flatMap(Self.trimmed) else { return nil }
    let count = Self.size(text)
    if count == nil { note(.badValue, text) }
    return count
  }

  private func positive(_ text: String?) -> Double? {
    guard let text = text.flatMap(Self.trimmed) else { return nil }
    guard let number = Self.decimal(text), number >= 0 else {
      note(.badValue, text)
      return nil
    }
    return number
  }

  /// Media RSS: `type` is `plain`, unless it says `html`.
  private static func mediaKind(_ attributes: XMLAttributes) -> TextKind {
    attributes[.type]?.lowercased() == "html" ? .html : .plain
  }
}
