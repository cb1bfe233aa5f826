import FeedModel

/// Places: GeoRSS in its simple and its GML form, and W3C's `lat` and `long`.
///
/// GeoRSS can say more than a point, so it goes before W3C's.
extension FeedBuilder {
  /// An element in a feed, in an item, or in what frames a place.
  func startInPlace(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    switch (name.namespace, name.element) {
    case (.gml, _): return startInGML(name, attributes)
    case (.georss, .point): return gather(positions: .point)
    case (.georss, .line): return gather(positions: .line)
    case (.georss, .polygon): return gather(positions: .polygon)
    case (.georss, .box): return gather(positions: .box)
    case (.georss, .featureName): return gather(.fact(.placeName), .plain)
    case (.georss, .where):
      say { $0.dimensions = 2 }
      return .place
    case (.geo, .point): return .place
    case (.geo, .lat): return gather(.fact(.latitude), .plain)
    case (.geo, .long): return gather(.fact(.longitude), .plain)
    case (.geo, .latLong): return gather(positions: .point, rank: 1)
    default: return .ignored
    }
  }

  /// GML of GeoRSS (OGC 17-002r1 §9), whose frames may say that positions have heights.
  private func startInGML(_ name: XMLName, _ attributes: XMLAttributes) -> Context {
    if let dimensions = attributes[.srsDimension] {
      say { $0.dimensions = dimensions == "3" ? 3 : 2 }
    }
    let dimensions = isInItem ? itemFacts.dimensions : feedFacts.dimensions
    switch (name.element, stack.last) {
    // An `interior` is a hole, and not looked into.
    case (.point, _), (.polygon, _), (.exterior, _): return .place
    case (.envelope, _):
      say { ($0.lowerCorner, $0.upperCorner) = (nil, nil) }
      return .place
    case (.lineString, _): return .line
    case (.linearRing, _): return .ring
    case (.position, .place): return gather(positions: .point, dimensions: dimensions)
    case (.positions, .line): return gather(positions: .line, dimensions: dimensions)
    case (.positions, .ring): return gather(positions: .polygon, dimensions: dimensions)
    case (.lowerCorner, .place), (.upperCorner, .place):
      let isUpper = name.element == .upperCorner
      return gather(.fact(.corner(isUpper: isUpper, dimensions: dimensions)), .plain)
    default: return .ignored
    }
  }

  private func gather(
    positions shape: Place.Shape,
    rank: Int = 0,
    dimensions: Int = 2
  ) -> Context {
    gather(.fact(.positions(shape, rank: rank, dimensions: dimensions)), .plain)
  }

  func finishPlaceFact(_ fact: FactField, _ bytes: [UInt8]) {
    let text = string(bytes)
    switch fact {
    case .placeName:
      let name = title(bytes)
      say { $0.placeName = name }
    case .latitude, .longitude:
      guard let degrees = Self.decimal(text) else { return note(.badValue, text) }
      say {
        if fact == .latitude { $0.latitude = degrees } else { $0.longitude = degrees }
        guard let latitude = $0.latitude, let longitude = $0.longitude else { return }
        place(.point, Position(latitude: latitude, longitude: longitude).map { [$0] }, 1, text, &$0)
      }
    case .positions(let shape, let rank, let dimensions):
      say { place(shape, positions(bytes, dimensions), rank, text, &$0) }
    case .corner(let isUpper, let dimensions):
      guard let corner = positions(bytes, dimensions)?.first else { return note(.badValue, text) }
      say {
        if isUpper { $0.upperCorner = corner } else { $0.lowerCorner = corner }
        guard let lower = $0.lowerCorner, let upper = $0.upperCorner else { return }
        place(.box, [lower, upper], 0, text, &$0)
      }
    default: break
    }
  }

  /// Notes a bad value where no place comes of the positions.
  private func place(
    _ shape: Place.Shape,
    _ positions: [Position]?,
    _ rank: Int,
    _ text: String,
    _ draft: inout FactsDraft
  ) {
    guard let place = positions.flatMap({ Place(shape, $0) }) else { return note(.badValue, text) }
    draft.place.offer(place, rank: rank)
  }

  /// Pairs of latitude and longitude; nil when one of them is none, or there are too many.
  ///
  /// A part of a line is another line, so one that is too long is left out as a whole.
  private func positions(_ bytes: [UInt8], _ dimensions: Int = 2) -> [Position]? {
    let numbersMax = dimensions * Limit.listEntries.value
    // Quirk: the two numbers are parted by a comma. Seen: map exports. Fixture: modules/geo-comma.xml
    let words = bytes.split(maxSplits: numbersMax) { Bytes.isSpace($0) || $0 == UInt8(ascii: ",") }
    guard words.count <= numbersMax else {
      note(.limit, Limit.listEntries.detail)
      return nil
    }
    guard words.count.isMultiple(of: dimensions) else { return nil }
    var positions: [Position] = []
    for place in stride(from: 0, to: words.count, by: dimensions) {
      guard let latitude = Self.decimal(String(decoding: words[place], as: UTF8.self)),
        let longitude = Self.decimal(String(decoding: words[place + 1], as: UTF8.self)),
        let position = Position(latitude: latitude, longitude: longitude)
      else { return nil }
      positions.append(position)
    }
    return positions
  }

  /// `podcast:location`: its text is the name, `geo` a URI of RFC 5870.
  func startLocation(_ attributes: XMLAttributes) -> Context {
    if let uri = attributes[.geo].flatMap(Self.trimmed) {
      let numbers = uri.drop { $0 != ":" }.dropFirst().prefix { $0 != ";" }
      let pair = numbers.split(separator: ",").prefix(2).joined(separator: " ")
      say { place(.point, positions(Array(pair.utf8)), 2, uri, &$0) }
    }
    return gather(.fact(.placeName), .plain)
  }
}
