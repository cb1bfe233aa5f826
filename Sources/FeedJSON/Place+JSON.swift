import FeedModel

extension Place {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("shape", shape.rawValue)
    json.members("positions", positions) { position, json in
      json.beginObject()
      json.member("latitude", position.latitude)
      json.member("longitude", position.longitude)
      json.endObject()
    }
    json.member("name", name)
    json.endObject()
  }

  /// Reads a place; nil when what stands there is on no map.
  static func read(from json: inout JSONReader) throws(JSONError) -> Place? {
    var shape: Shape?
    var positions: [Position?] = []
    var placeName: String?
    try json.object { name, json throws(JSONError) in
      switch name {
      case "shape": shape = Shape(rawValue: try json.string())
      case "positions":
        positions = try json.elements { json throws(JSONError) in try position(from: &json) }
      case "name": placeName = try json.string()
      default: try json.skip()
      }
    }
    let whole = positions.compactMap(\.self)
    guard let shape, whole.count == positions.count else { return nil }
    return Place(shape, whole, name: placeName)
  }

  private static func position(from json: inout JSONReader) throws(JSONError) -> Position? {
    var latitude = Double.nan
    var longitude = Double.nan
    try json.object { name, json throws(JSONError) in
      switch name {
      case "latitude": latitude = try json.decimal()
      case "longitude": longitude = try json.decimal()
      default: try json.skip()
      }
    }
    return Position(latitude: latitude, longitude: longitude)
  }
}
