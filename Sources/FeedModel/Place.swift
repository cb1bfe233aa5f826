/// A place on Earth: a point, a line or an area, in degrees of WGS 84.
public struct Place: Hashable, Sendable {
  /// What the positions are.
  public enum Shape: String, Hashable, Sendable, CaseIterable {
    /// One position: `georss:point`, `gml:Point`, `geo:lat` with `geo:long`.
    case point
    /// At least two positions: `georss:line`, `gml:LineString`.
    case line
    /// At least four positions, of which the last should be the first: `georss:polygon`, `gml:Polygon`.
    case polygon
    /// The south-western and the north-eastern corner: `georss:box`, `gml:Envelope`.
    case box
  }

  /// What the positions are.
  public let shape: Shape
  /// As many as the shape needs.
  public let positions: [Position]
  /// What people call it: `georss:featurename`, `podcast:location`.
  public var name: String?

  /// Describes a place; nil when the shape needs fewer or more positions.
  public init?(_ shape: Shape, _ positions: [Position], name: String? = nil) {
    switch shape {
    case .point: guard positions.count == 1 else { return nil }
    case .line: guard positions.count >= 2 else { return nil }
    case .polygon: guard positions.count >= 4 else { return nil }
    case .box: guard positions.count == 2 else { return nil }
    }
    self.shape = shape
    self.positions = positions
    self.name = name
  }
}

/// A position in degrees of WGS 84.
public struct Position: Hashable, Sendable {
  /// From -90 to 90, north is positive.
  public let latitude: Double
  /// From -180 to 180, east is positive.
  public let longitude: Double

  /// Describes a position; nil when a number is out of its range or is none.
  public init?(latitude: Double, longitude: Double) {
    guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
    self.latitude = latitude
    self.longitude = longitude
  }
}
