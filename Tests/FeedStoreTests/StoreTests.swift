import FeedModel
import Glibc
import Testing

@testable import FeedStore

@Test func `opening creates nothing, and the first append creates the store`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    #expect(!store.exists)
    #expect(try store.segments().isEmpty)
    #expect(try scratch.names(in: "").isEmpty)
    try store.append([mark("a"), article(1), mark("b")], now: noon)
    #expect(store.exists)
    #expect(try scratch.marks() == ["tag:a", "tag:b"])
    #expect(
      try scratch.names(in: "store") == [
        ".gitattributes", ".stignore", "README.txt", "dev", "store.json",
      ]
    )
    let device = try #require(try scratch.devices().first)
    #expect(device.utf8.count == 8)
    #expect(
      try scratch.names(in: "store/dev/\(device)") == [
        "a-000001.jsonl", "device.json", "j-000001.jsonl",
      ]
    )
    #expect(try scratch.text("store/.gitattributes") == "*.jsonl -text merge=union\n")
    #expect(try scratch.text("store/.stignore") == "(?d).tmp-*\n")
    #expect(try scratch.text("store/README.txt").contains("dev/"))
    let identity = try scratch.text("store/store.json")
    #expect(identity.hasPrefix(#"{"fmt":1,"store":""#))
    #expect(identity.hasSuffix(#","created":"2026-11-18T11:06:40Z"}"# + "\n"))
    #expect(try scratch.open().created == noon)
    #expect(
      try scratch.text("store/dev/\(device)/device.json")
        .hasPrefix(#"{"dev":"\#(device)","name":""#)
    )
  }
}

@Test func `lines of a device are numbered without gaps, journal and articles apart`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    for number in 0..<5 { try store.append([mark("\(number)"), article(number)], now: noon) }
    let again = try scratch.open()
    for number in 5..<9 { try again.append([mark("\(number)"), article(number)], now: noon) }
    for segment in try again.segments() {
      let reading = try again.read(segment, after: nil)
      #expect(reading.lines.map { $0.event.number } == Array(1...10))
      #expect(reading.lines.first?.event.operation == .open(format: 1, segment: 1))
      #expect(reading.damage.isEmpty)
      #expect(!reading.hasMore)
    }
    #expect(try scratch.devices().count == 1)
  }
}

@Test func `a store that is created between two seconds takes its first lines`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon.adding(milliseconds: 123))
    #expect(try scratch.marks() == ["tag:a"])
  }
}

@Test func `appending nothing does nothing`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([], now: noon)
    let none = StoreOperation.set(key: "read", value: .bool(true), ids: [])
    try store.append([PendingLine(at: noon, operation: none)], now: noon)
    #expect(try scratch.names(in: "").isEmpty)
  }
}

@Test func `files are for their owner only`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a"), article(1)], now: noon)
    func look(_ directory: String) throws {
      #expect(try scratch.mode(directory) == 0o700, "\(directory)")
      for name in try scratch.names(in: directory) {
        let path = "\(directory)/\(name)"
        if isDirectory("\(scratch.path)/\(path)") {
          try look(path)
        } else {
          #expect(try scratch.mode(path) == 0o600, "\(path)")
        }
      }
    }
    try look("store")
    try look("state")
  }
}

@Test func `files are for their owner only, whatever the mask`() async {
  // The mask belongs to the process, so this has one of its own.
  await #expect(processExitsWith: .success) {
    for mask: mode_t in [0o000, 0o777, 0o277] {
      umask(mask)
      try withScratch { scratch in
        try scratch.open().append([mark("a"), article(1)], now: noon)
        let device = try scratch.devices()[0]
        let directories = ["store", "store/dev", "store/dev/\(device)", "state"]
        for directory in directories where try scratch.mode(directory) != 0o700 { exit(1) }
        let files = ["store.json", "README.txt", "dev/\(device)/j-000001.jsonl"]
        for file in files where try scratch.mode("store/\(file)") != 0o600 { exit(2) }
        let record = try scratch.stateFile("me-") ?? ""
        if try scratch.mode(record) != 0o600 { exit(3) }
      }
    }
  }
}

@Test func `a store that was there and is not is missing, and no empty one takes its place`() throws
{
  try withScratch { scratch in
    let store = try scratch.open()
    try store.append([mark("a")], now: noon)
    let opened = try scratch.open()
    let expected = try missing(scratch)
    try scratch.move("store", to: "elsewhere")
    #expect(throws: expected) { try scratch.open() }
    // A mount point without its disk is an empty directory.
    try scratch.directory("store")
    #expect(throws: expected) { try scratch.open() }
    for store in [store, opened] {
      #expect(throws: StoreError.self) { try store.append([mark("b")], now: noon) }
    }
    #expect(throws: StoreError.missing(path: scratch.store, memory: nil)) {
      try opened.append([mark("b")], now: noon)
    }
    #expect(throws: StoreError.missing(path: scratch.store, memory: nil)) { try opened.segments() }
    #expect(try scratch.names(in: "store").isEmpty)
    #expect(unsafe rmdir(scratch.store) == 0)
    try scratch.move("elsewhere", to: "store")
    try opened.append([mark("b")], now: noon)
    #expect(try scratch.marks() == ["tag:a", "tag:b"])
    #expect(try scratch.devices().count == 1)
  }
}

/// What is thrown for the store of a scratch place that is gone.
private func missing(_ scratch: Scratch) throws -> StoreError {
  let memory = try #require(try scratch.stateFile("at-"))
  return .missing(path: scratch.store, memory: "\(scratch.path)/\(memory)")
}

@Test func `a store that was moved is remembered at its new place as well`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.move("store", to: "new")
    let moved = "\(scratch.path)/new"
    let store = try Store.open(directory: moved, stateDirectory: scratch.state)
    try store.append([mark("b")], now: noon)
    #expect(try scratch.names(in: "new/dev").count == 1)
    try scratch.move("new", to: "third")
    #expect(throws: StoreError.self) {
      try Store.open(directory: moved, stateDirectory: scratch.state)
    }
  }
}

@Test func `a path is the same with a slash at its end or a dot in it`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let store = try Store.open(
      directory: "\(scratch.path)//./store/",
      stateDirectory: "\(scratch.state)/"
    )
    #expect(store.directory == scratch.store)
    try scratch.move("store", to: "elsewhere")
    #expect(throws: StoreError.self) {
      try Store.open(directory: "\(scratch.store)/", stateDirectory: scratch.state)
    }
  }
}

@Test func `what is no store is refused and left alone`() throws {
  try withScratch { scratch in
    try scratch.directory("store")
    try scratch.write("my thesis".utf8, to: "store/thesis.txt")
    let store = try scratch.open()
    #expect(!store.exists)
    #expect(throws: StoreError.notAStore(path: scratch.store)) {
      try store.append([mark("a")], now: noon)
    }
    #expect(try scratch.names(in: "store") == ["thesis.txt"])
  }
  try withScratch { scratch in
    try scratch.write("a file".utf8, to: "store")
    #expect(throws: StoreError.notAStore(path: scratch.store)) { try scratch.open() }
  }
  for text in ["", "{}", "[]", "x", #"{"fmt":1,"store":"../../x"}"#, #"{"fmt":1,"store":"abc"}"#] {
    try withScratch { scratch in
      try scratch.directory("store")
      try scratch.write(text.utf8, to: "store/store.json")
      #expect(throws: StoreError.notAStore(path: "\(scratch.store)/store.json")) {
        try scratch.open()
      }
    }
  }
}

@Test func `a store whose store json has not arrived yet is read, and not started anew`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    try scratch.move("store/store.json", to: "store.json")
    let other = try Store.open(directory: scratch.store, stateDirectory: "\(scratch.path)/state2")
    #expect(!other.exists)
    #expect(try other.segments().count == 1)
    #expect(throws: StoreError.notAStore(path: scratch.store)) {
      try other.append([mark("b")], now: noon)
    }
  }
}

@Test func `a directory that git or a sync tool prepared becomes a store`() throws {
  try withScratch { scratch in
    try scratch.directory("store")
    try scratch.directory("store/.git")
    try scratch.directory("store/.stfolder")
    try scratch.write("mine".utf8, to: "store/README.md")
    try scratch.open().append([mark("a")], now: noon)
    #expect(try scratch.text("store/README.md") == "mine")
    #expect(try scratch.marks() == ["tag:a"])
  }
}

@Test func `a first creation that was cut short anywhere is made good by the next append`() throws {
  // Every file that creation makes before store.json, in its order, and what a crash may leave.
  let steps = ["README.txt", ".gitattributes", ".stignore", ".tmp-1-0123456789abcdef"]
  for count in 0...steps.count {
    try withScratch { scratch in
      try scratch.directory("store")
      try scratch.directory("state")
      for step in steps.prefix(count) { try scratch.write("x".utf8, to: "store/\(step)") }
      let store = try scratch.open()
      #expect(!store.exists)
      try store.append([mark("a")], now: noon)
      #expect(try scratch.marks() == ["tag:a"])
    }
  }
}

@Test func `the store of a newer version is read and not written`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let text = try scratch.text("store/store.json")
    try scratch.write(text.replacing("\"fmt\":1", with: "\"fmt\":2").utf8, to: "store/store.json")
    let store = try scratch.open()
    #expect(try scratch.marks() == ["tag:a"])
    #expect(throws: StoreError.newerFormat(path: "\(scratch.store)/store.json", version: 2)) {
      try store.append([mark("b")], now: noon)
    }
  }
}

@Test func `many first appends at once make one store and one device`() async throws {
  try await withScratchAsync { scratch in
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { try scratch.open().append([mark("\(number)")], now: noon) }
      }
      try await group.waitForAll()
    }
    #expect(try scratch.devices().count == 1)
    #expect(Set(try scratch.marks()).count == 8)
    #expect(try scratch.lines().map { $0.event.number } == Array(1...9))
  }
}

@Test func `every error is one sentence`() {
  let errors: [StoreError] = [
    .missing(path: "/s", memory: "/m"), .missing(path: "/s", memory: nil), .notAStore(path: "/s"),
    .newerFormat(path: "/s", version: 2), .noPermission(path: "/s"), .readOnly(path: "/s"),
    .noSpace(path: "/s", errno: ENOSPC), .refused(path: "/s"), .gone(path: "/s"),
    .lineTooLong(bytes: 5), .syncIsRunning(pid: 7), .syncIsRunning(pid: nil),
    .lockUnsupported(path: "/s"), .inputOutput(path: "/s", call: "write", errno: EIO),
  ]
  for error in errors {
    #expect(error.description.hasSuffix(".") || error.description.hasSuffix(".)"))
    #expect(!error.description.contains("\n"))
  }
  #expect(errors[6].description == "No space for /s: No space left on device.")
  #expect(errors[10].description == "Another sync is running, process 7.")
}

@Test(arguments: [
  (EACCES, StoreError.noPermission(path: "/s")), (EPERM, .noPermission(path: "/s")),
  (EROFS, .readOnly(path: "/s")), (ENOSPC, .noSpace(path: "/s", errno: ENOSPC)),
  (EDQUOT, .noSpace(path: "/s", errno: EDQUOT)), (EFBIG, .noSpace(path: "/s", errno: EFBIG)),
  (ELOOP, .refused(path: "/s")), (EIO, .inputOutput(path: "/s", call: "c", errno: EIO)),
])
func `the numbers of system calls become what a caller can tell apart`(
  number: Int32,
  error: StoreError
) {
  #expect(StoreError(call: "c", path: "/s", errno: number) == error)
}
