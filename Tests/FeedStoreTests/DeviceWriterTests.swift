import FeedModel
import Glibc
import Testing

@testable import FeedStore

/// A store with two marks, whose device something happens to before a third is written.
private func afterMishap(
  marks expected: Int = 3,
  devices: Int = 2,
  _ mishap: (Scratch, _ device: String) throws -> Void
) throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    try store.append([mark("b")], now: noon)
    let device = try scratch.devices()[0]
    try mishap(scratch, device)
    try store.append([mark("c")], now: noon)
    try store.append([mark("d")], now: noon)
    let marks = try scratch.marks()
    #expect(Set(marks).isSuperset(of: ["tag:c", "tag:d"]))
    #expect(marks.count == expected + 1)
    let found = try scratch.devices()
    #expect(found.count == devices)
    guard devices > 1 else { return }
    // The old device was not written again, and the new one starts from 1.
    for line in try scratch.lines() where line.event.device != device {
      #expect(line.event.number <= 3)
    }
    for line in try scratch.lines() where line.event.device == device {
      #expect(line.event.operation != mark("c").operation)
      #expect(line.event.operation != mark("d").operation)
    }
  }
}

@Test func `the same machine is the same device`() throws {
  try afterMishap(devices: 1) { _, _ in }
}

@Test func `without a record the machine is a new device`() throws {
  try afterMishap { scratch, _ in
    let record = try #require(try scratch.stateFile("me-"))
    #expect(unsafe unlink("\(scratch.path)/\(record)") == 0)
  }
}

@Test func `a torn or damaged record is none`() throws {
  for cut in [0, 1, 100, 511] {
    try afterMishap { scratch, _ in
      let record = try #require(try scratch.stateFile("me-"))
      try scratch.write(try scratch.bytes(record).prefix(cut), to: record)
    }
  }
  try afterMishap { scratch, _ in
    let record = try #require(try scratch.stateFile("me-"))
    var bytes = try scratch.bytes(record)
    bytes[30] ^= 1
    try scratch.write(bytes, to: record)
  }
}

@Test func `a journal that was replaced by a copy of itself is not ours any more`() throws {
  try afterMishap { scratch, device in
    let journal = "store/dev/\(device)/j-000001.jsonl"
    try scratch.copy(journal, to: "store/dev/\(device)/.new")
    try scratch.move("store/dev/\(device)/.new", to: journal)
  }
}

@Test func `a journal that shrank is not ours any more`() throws {
  try afterMishap(marks: 2) { scratch, device in
    let journal = "store/dev/\(device)/j-000001.jsonl"
    let bytes = try scratch.bytes(journal)
    let last = try #require(bytes.dropLast().lastIndex(of: 0x0A))
    try scratch.write(bytes.prefix(last + 1), to: journal)
  }
}

@Test func `a journal whose last line is another one is not ours any more`() throws {
  try afterMishap { scratch, device in
    let journal = "store/dev/\(device)/j-000001.jsonl"
    let bytes = try scratch.bytes(journal)
    let last = try #require(bytes.dropLast().lastIndex(of: 0x0A))
    try scratch.write(bytes.prefix(last + 1) + encode([mark("x")], first: 3), to: journal)
  }
}

@Test func `a line with a number that we did not give makes a new device`() throws {
  for number in [1, 3, 5, 100] {
    try afterMishap(marks: 4) { scratch, device in
      let journal = "store/dev/\(device)/j-000001.jsonl"
      try scratch.append(encode([mark("x")], first: number), to: journal)
    }
  }
}

@Test func `a segment or directory that is gone makes a new device`() throws {
  try afterMishap(marks: 1) { scratch, device in
    #expect(unsafe unlink("\(scratch.store)/dev/\(device)/j-000001.jsonl") == 0)
  }
  try afterMishap(marks: 1, devices: 1) { scratch, device in
    try scratch.move("store/dev/\(device)", to: "elsewhere")
  }
  try afterMishap(marks: 1, devices: 1) { scratch, _ in
    try scratch.move("store/dev", to: "elsewhere")
  }
}

@Test func `a copy that a sync tool made in our directory makes a new device`() throws {
  for name in [
    "j-000001.sync-conflict-20261122-081138-UOUIYMM.jsonl", "a-000001 (1).jsonl",
    "j-000001 (Ann's conflicted copy 2026-11-22).jsonl",
  ] {
    try afterMishap(marks: 4) { scratch, device in
      try scratch.write(encode([mark("x")]), to: "store/dev/\(device)/\(name)")
    }
  }
}

@Test func `a device that lost its description gets it back`() throws {
  try afterMishap(marks: 4, devices: 1) { scratch, device in
    #expect(unsafe unlink("\(scratch.store)/dev/\(device)/device.json") == 0)
    try scratch.open().append([mark("x")], now: noon)
    #expect(try scratch.text("store/dev/\(device)/device.json").contains(device))
  }
}

@Test func `what is no input in our directory does not matter`() throws {
  try afterMishap(devices: 1) { scratch, device in
    for name in [".syncthing.j-000001.jsonl.tmp", "notes.txt", "device (1).json", ".tmp-1-2"] {
      try scratch.write("x".utf8, to: "store/dev/\(device)/\(name)")
    }
  }
}

@Test func `another machine with the same state directory is another device`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let record = try #require(try scratch.stateFile("me-"))
    // The name of the file is that of the machine.
    let parts = record.split(separator: "/").dropLast()
    try scratch.move(record, to: parts.joined(separator: "/") + "/me-0000000000000000.json")
    try store.append([mark("b")], now: noon)
    #expect(try scratch.devices().count == 2)
    #expect(try scratch.marks().sorted() == ["tag:a", "tag:b"])
  }
}

@Test func `a record of a newer version is refused, and stays`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let record = try #require(try scratch.stateFile("me-"))
    let json = try scratch.text(record).replacing("\"fmt\":1", with: "\"fmt\":2")
    let body = try #require(json.ranges(of: ",\"sum\"").last).lowerBound
    let line = sealed("\(json[..<body])}").dropLast()
    let bytes = line + [UInt8](repeating: 0x20, count: 511 - line.count) + [0x0A]
    try scratch.write(bytes, to: record)
    #expect(throws: StoreError.self) { try store.append([mark("b")], now: noon) }
    #expect(try scratch.bytes(record) == Array(bytes))
    #expect(try scratch.marks() == ["tag:a"])
  }
}

@Test func `links planted where we write are refused, and their targets stay`() throws {
  for target in ["j-000001.jsonl", "device", "dev", "store.json"] {
    try withScratch { scratch in
      let store = try scratch.open()
      try store.append([mark("a")], now: noon)
      let device = try scratch.devices()[0]
      let name =
        switch target {
        case "j-000001.jsonl": "store/dev/\(device)/j-000001.jsonl"
        case "device": "store/dev/\(device)"
        case "dev": "store/dev"
        default: "store/store.json"
        }
      try scratch.move(name, to: "target")
      #expect(unsafe symlink("\(scratch.path)/target", "\(scratch.path)/\(name)") == 0)
      let size = try scratch.targetSize(name: name)
      #expect(throws: StoreError.refused(path: "\(scratch.path)/\(name)")) {
        try Store.open(directory: scratch.store, stateDirectory: scratch.state)
          .append([mark("b")], now: noon)
      }
      #expect(try scratch.targetSize(name: name) == size)
    }
  }
}

extension Scratch {
  /// How many bytes the target of a planted link has, or how many names.
  fileprivate func targetSize(name: String) throws -> Int {
    if let facts = try facts(ofPath: "\(path)/target"), facts.isRegular { return facts.size }
    return try names(in: "target").count
  }
}

@Test func `a link planted as our next segment or temporary file is not followed`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let device = try scratch.devices()[0]
    try scratch.write("precious".utf8, to: "target")
    let link = "\(scratch.store)/dev/\(device)/a-000001.jsonl"
    #expect(unsafe symlink("\(scratch.path)/target", link) == 0)
    #expect(throws: StoreError.refused(path: link)) { try store.append([article(1)], now: noon) }
    #expect(try scratch.text("target") == "precious")
  }
}

@Test func `temporary files older than a day are removed, younger ones are not`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let device = try scratch.devices()[0]
    for directory in ["store", "store/dev/\(device)"] {
      for (name, age) in [(".tmp-1-old", 86_500), (".tmp-1-young", 86_300)] {
        try scratch.write("x".utf8, to: "\(directory)/\(name)")
        let then = timespec(tv_sec: Int(noon.seconds) - age, tv_nsec: 0)
        unsafe utimensat(AT_FDCWD, "\(scratch.path)/\(directory)/\(name)", [then, then], 0)
      }
    }
    try store.append([mark("b")], now: noon)
    for directory in ["store", "store/dev/\(device)"] {
      let temporary = try scratch.names(in: directory).filter { $0.hasPrefix(".tmp-") }
      #expect(temporary == [".tmp-1-young"])
    }
  }
}

@Test func `the record keeps its length, whatever it holds`() throws {
  var record = DeviceRecord(device: "abcdefgh", path: "0123456789abcdef")
  for number in [0, 1, Int.max] {
    for kind in [Segment.Kind.journal, .articles] {
      record[kind].segment = max(1, number)
      record[kind].number = number
      record[kind].sum = number == .max ? .max : 0
      record[kind].inode = number == .max ? .max : 0
      record[kind].size = number
    }
    record.directoryNanoseconds = Int64(number)
    let bytes = record.bytes
    #expect(bytes.count == 512)
    #expect(bytes.last == 0x0A)
    #expect(DeviceRecord(bytes) == record)
    for index in 0..<512 {
      var changed = bytes
      changed[index] ^= 0x04
      let read = DeviceRecord(changed)
      #expect(read == nil || read == record)
    }
  }
}

@Test func `the store names the device that this machine writes as`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    #expect(store.device == nil)
    #expect(try scratch.names(in: "").isEmpty)
    try store.append([mark("a")], now: noon)
    let device = try scratch.devices()[0]
    #expect(store.device == device)
    #expect(try scratch.open().device == device)
    // A journal that a sync tool replaced is not ours any more, and the next append finds out.
    let journal = "store/dev/\(device)/j-000001.jsonl"
    try scratch.copy(journal, to: "store/dev/\(device)/.new")
    try scratch.move("store/dev/\(device)/.new", to: journal)
    try store.append([mark("b")], now: noon)
    let fresh = try #require(try scratch.devices().first { $0 != device })
    #expect(store.device == fresh)
    let record = try #require(try scratch.stateFile("me-"))
    try scratch.write("garbage".utf8, to: record)
    #expect(store.device == nil)
  }
}

@Test func `a store that this machine only reads has no device of ours`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let other = try Store.open(directory: scratch.store, stateDirectory: "\(scratch.path)/other")
    #expect(other.device == nil)
    #expect(try scratch.names(in: "other").isEmpty)
  }
}

@Test func `no other device can write in the name of this one`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let device = try #require(store.device)
    try scratch.directory("store/dev/mallory2")
    let lines = [device, "forgotte"]
      .map { device in
        #"{"at":"2026-11-18T11:06:40.000Z","op":"feed","feed":"\#(feed)","key":"url","val":"x","#
          + #""by":"\#(device)"}"# + "\n"
      }
    try scratch.write(lines.joined().utf8, to: "store/dev/mallory2/j-000001.jsonl")
    let segment = try #require(try store.segments().first { $0.device == "mallory2" })
    let read = try store.read(segment, after: nil).lines
    #expect(read.map(\.event.device) == ["mallory2", "forgotte"])
    #expect(try read.map { try store.event(at: $0.place).device } == ["mallory2", "forgotte"])
  }
}
