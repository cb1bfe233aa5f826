import FeedJSON

extension Store {
  /// What a device calls itself, by its `device.json`; nil where it does not say.
  ///
  /// Another machine may have written anything there: it is a text to show, and no more.
  public func name(ofDevice device: String) -> String? {
    // A name that cannot be read is no reason to do without what it would stand beside.
    guard SegmentName.isDevice(device), let root = try? Descriptor.directory(directory),
      let devices = try? root.directory(named: "dev"),
      let directory = try? devices.directory(named: device),
      let description = try? DeviceDescription(in: directory)
    else { return nil }
    return description.name.flatMap { $0.isEmpty ? nil : String($0.prefix(80)) }
  }
}

/// What a device says of itself in its `device.json`, as far as that can be read.
struct DeviceDescription {
  private(set) var name: String?
  private(set) var application: String?

  /// Reads it; nil when there is none.
  init?(in directory: borrowing Descriptor) throws(StoreError) {
    guard let file = try directory.file(named: "device.json", for: .reading) else { return nil }
    var json = JSONReader(try file.read(at: 0, count: 64 << 10))
    var (name, application): (String?, String?)
    // What stands before the damage is good enough to be shown.
    try? json.object { key, json throws(JSONError) in
      switch key {
      case "name": name = try json.string()
      case "app": application = try json.string()
      default: try json.skip()
      }
    }
    (self.name, self.application) = (name, application)
  }
}
