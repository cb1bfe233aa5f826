import Glibc
import Testing

@testable import FeedStore

@Test func `a second sync is told who runs the first`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let store = try scratch.open()
    let lock = try store.lockForSync()
    #expect(throws: StoreError.syncIsRunning(pid: getpid())) {
      _ = try scratch.open().lockForSync()
    }
    // Marks are not held up by it.
    try store.append([mark("b")], now: noon)
    lock.release()
    _ = try scratch.open().lockForSync()
  }
}

@Test func `the lock is held to the end of its scope`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let store = try scratch.open()
    do {
      let lock = try store.lockForSync()
      defer { lock.release() }
      #expect(throws: StoreError.self) { _ = try store.lockForSync() }
    }
    _ = try store.lockForSync()
  }
}

@Test func `what stands in a lock file does not matter`() throws {
  for text in ["", "1\n", "garbage", "99999999999999999999", "\0\0", "-5"] {
    try withScratch { scratch in
      try scratch.open().append([mark("a")], now: noon)
      let file = try #require(try scratch.stateFile("lock"))
      let directory = file.split(separator: "/").dropLast().joined(separator: "/")
      try scratch.write(text.utf8, to: "\(directory)/lock")
      try scratch.write(text.utf8, to: "\(directory)/sync.lock")
      let store = try scratch.open()
      try store.append([mark("b")], now: noon)
      let lock = try store.lockForSync()
      #expect(try scratch.text("\(directory)/sync.lock") == "\(getpid())\n")
      lock.release()
    }
  }
}

@Test func `garbage from another holder gives no process id`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let store = try scratch.open()
    let lock = try store.lockForSync()
    let file = try #require(try scratch.names(in: "state").first { $0.hasPrefix("sync-") })
    try scratch.write("nobody".utf8, to: "state/\(file)")
    #expect(throws: StoreError.syncIsRunning(pid: nil)) { _ = try store.lockForSync() }
    lock.release()
  }
}

@Test func `an append waits for the lock, and a reader does not`() async throws {
  try await withScratchAsync { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let file = try #require(try scratch.stateFile("lock"))
    let number = unsafe open("\(scratch.path)/\(file)", O_RDWR | O_CLOEXEC)
    #expect(flock(number, LOCK_EX) == 0)
    let writer = Task.detached { try scratch.open().append([mark("b")], now: noon) }
    #expect(try scratch.marks() == ["tag:a"])
    for _ in 0..<50 { sched_yield() }
    #expect(try scratch.marks() == ["tag:a"])
    close(number)
    _ = try await writer.value
    #expect(try scratch.marks() == ["tag:a", "tag:b"])
  }
}

@Test func `before there is a store the lock is one of its path`() throws {
  try withScratch { scratch in
    let store = try scratch.open()
    let lock = try store.lockForSync()
    #expect(throws: StoreError.syncIsRunning(pid: getpid())) { _ = try store.lockForSync() }
    lock.release()
    #expect(try scratch.names(in: "") == ["state"])
  }
}

@Test func `a sync that finds the store just made is told of the one that made it`() throws {
  try withScratch { scratch in
    let first = try scratch.open()
    let lock = try first.lockForSync()
    try first.append([mark("a")], now: noon)
    let second = try scratch.open()
    #expect(second.exists)
    #expect(throws: StoreError.syncIsRunning(pid: getpid())) { _ = try second.lockForSync() }
    // A handle from before there was a store is no other case.
    #expect(throws: StoreError.syncIsRunning(pid: getpid())) { _ = try first.lockForSync() }
    lock.release()
    let again = try second.lockForSync()
    #expect(throws: StoreError.self) { _ = try first.lockForSync() }
    again.release()
    _ = try first.lockForSync()
  }
}

@Test func `two paths to one store have one lock, and two stores have two`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    #expect(unsafe symlink(scratch.store, "\(scratch.path)/link") == 0)
    let linked = try Store.open(directory: "\(scratch.path)/link", stateDirectory: scratch.state)
    let other = try Store.open(directory: "\(scratch.path)/other", stateDirectory: scratch.state)
    let lock = try scratch.open().lockForSync()
    #expect(throws: StoreError.syncIsRunning(pid: getpid())) { _ = try linked.lockForSync() }
    _ = try other.lockForSync()
    lock.release()
  }
}

@Test func `a lock that cannot be had whole is not kept in part`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let store = try scratch.open()
    let file = try #require(try scratch.stateFile("lock"))
    let directory = file.split(separator: "/").dropLast().joined(separator: "/")
    // The second lock cannot be had: the first one is not kept.
    try scratch.directory("\(directory)/sync.lock")
    #expect(throws: StoreError.self) { _ = try store.lockForSync() }
    #expect(unsafe rmdir("\(scratch.path)/\(directory)/sync.lock") == 0)
    _ = try store.lockForSync()
  }
}

@Test func `a child that outlives us does not hold a lock`() throws {
  try withScratch { scratch in
    try scratch.open().append([mark("a")], now: noon)
    let lock = try scratch.open().lockForSync()
    var child: pid_t = 0
    let words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("sleep"), strdup("5"), nil]
    defer {
      unsafe free(words[0])
      unsafe free(words[1])
    }
    #expect(unsafe posix_spawn(&child, "/bin/sleep", nil, nil, words, nil) == 0)
    lock.release()
    #expect(throws: Never.self) { _ = try scratch.open().lockForSync() }
    kill(child, SIGKILL)
    var status: Int32 = 0
    unsafe waitpid(child, &status, 0)
  }
}
