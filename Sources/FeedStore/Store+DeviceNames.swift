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
      let file = try? directory.file(named: "device.json", for: .reading),
      let bytes = try? file.read(at: 0, count: 64 << 10)
    else { return nil }
    var json = JSONReader(bytes)
    var name: String?
    try? json.object { key, json throws(JSONError) in
      if key == "name" { name = try json.string() } else { try json.skip() }
    }
    return name.flatMap { $0.isEmpty ? nil : String($0.prefix(80)) }
  }
}
