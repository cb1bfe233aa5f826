public import FeedModel

/// One thing that a check of the store's files found.
public struct StoreFinding: Hashable, Sendable {
  /// What it is.
  public enum Fault: Hashable, Sendable {
    /// A line that cannot be read; `isEdit` when it is good JSON all the same.
    case damage(LineDamage, excerpt: String, isEdit: Bool)
    /// The last line has no line feed.
    case tornTail(offset: Int, bytes: Int)
    /// Numbers of a device's lines that stand nowhere.
    case missingLines(Segment.Kind, first: Int, last: Int)
    /// Lines of a device that were written down or read before, and stand nowhere now; its file is
    /// gone, or shorter than it was.
    case lostLines(Segment.Kind, first: Int, last: Int, isFileGone: Bool)
    /// Numbers that a device gave twice, to lines that differ.
    case fork(Segment.Kind, first: Int, count: Int)
    /// A copy that a sync tool made after a conflict, and how many of its lines stand only here.
    case copy(ownLines: Int)
    /// Lines without a checksum.
    case handWritten(offset: Int, count: Int)
    /// Written by a newer version.
    case newerFormat(Int)
    /// A symbolic link, or no regular file, where one is looked for.
    case refused
    /// Something that is not of the store.
    case foreign
    /// It cannot be read.
    case unreadable(StoreError)
    /// It belongs to another user, so this one cannot write it.
    case notOwned(user: UInt32)
    /// There are no locks.
    case noLocks
    /// The newest line of a device is more than a day in the future.
    case ahead(Timestamp)
  }

  /// What.
  public var fault: Fault
  /// Where: a file or a directory, relative to the store, or absolute outside of it.
  public var path: String
  /// It is in what this machine writes.
  public var isOurs: Bool
  /// What is cut off or gone was reported as done.
  public internal(set) var wasReported = false
  /// A sum of the bytes that it is about, so that other damage at the same place is another.
  var sum: UInt32 = 0

  /// Nothing is lost and nothing has to be done.
  public var isHarmless: Bool {
    switch fault {
    case .tornTail, .handWritten, .foreign, .ahead: true
    case .copy: true
    // The owner of the files may have compacted them, and knows better what is lost.
    case .notOwned, .lostLines: !isOurs
    default: false
    }
  }

  /// A person changed a line, and it can be taken over.
  public var canBeAccepted: Bool {
    switch fault {
    case .damage(_, _, let isEdit): isEdit
    case .handWritten: true
    default: false
    }
  }

  /// The first byte that it is about.
  public var offset: Int? {
    switch fault {
    case .damage(let damage, _, _): damage.offset
    case .tornTail(let offset, _), .handWritten(let offset, _): offset
    default: nil
    }
  }

  /// What tells it from all others, for as long as the files stay as they are.
  var identity: String {
    switch fault {
    case .damage(let damage, _, _):
      "damage \(path) \(damage.offset) \(damage.length) \(hexadecimal(sum, digits: 8))"
    case .tornTail(let offset, let bytes): "torn \(path) \(offset) \(bytes)"
    case .missingLines(let kind, let first, let last), .lostLines(let kind, let first, let last, _):
      MissingRange(device: device ?? path, kind: kind, numbers: first...max(first, last)).identity
    case .fork(let kind, let first, let count): "fork \(path) \(kind.rawValue) \(first) \(count)"
    case .copy(let lines): "copy \(path) \(lines)"
    case .handWritten(let offset, let count): "hand \(path) \(offset) \(count)"
    default: ""
    }
  }
}

extension StoreFinding {
  /// The device whose file or directory it is about.
  public var device: String? {
    let parts = path.split(separator: "/")
    return parts.count > 1 && parts[0] == "dev" ? String(parts[1]) : nil
  }

  /// Lines that once counted may be gone.
  public var tookLines: Bool {
    switch fault {
    case .damage, .missingLines, .lostLines: true
    default: false
    }
  }

  /// Lines of this machine that were reported as done and are in no file.
  public var isOurLoss: Bool {
    if case .lostLines = fault { isOurs } else { false }
  }

  /// It is of lines of which only the numbers are known.
  public var isOfNumbers: Bool {
    switch fault {
    case .missingLines, .lostLines: true
    default: false
    }
  }
}

extension StoreFinding: CustomStringConvertible {
  /// One sentence or two, without the path.
  public var description: String {
    switch fault {
    case .damage(let damage, let excerpt, let isEdit):
      "The line at byte \(damage.offset) cannot be read: \(damage.reason.rawValue)"
        + (isEdit ? ", though it is good JSON; was it edited?" : ".")
        + (excerpt.isEmpty ? "" : " It begins: \(excerpt)…")
    case .tornTail(let offset, let bytes) where wasReported:
      "The last line was cut off at byte \(offset), after \(bytes) bytes."
    case .tornTail(let offset, let bytes) where isOurs:
      "The last line was cut off at byte \(offset), after \(bytes) bytes, and was never reported as done."
    case .tornTail(let offset, _): "The last line, at byte \(offset), is still arriving."
    case .missingLines(let kind, let first, let last):
      (first == last
        ? "Line \(first) of its \(words(kind)) is"
        : "Lines \(first) to \(last) of its \(words(kind)) are")
        + " in no file: lost, or not arrived yet."
    case .lostLines(let kind, let first, let last, let isFileGone):
      (isFileGone ? "It is gone" : "It is shorter than it was")
        + (first == last
          ? ": line \(first) of the \(words(kind)) is"
          : ": lines \(first) to \(last) of the \(words(kind)) are")
        + " in no file"
        + (isOurs
          ? ", and \(first == last ? "was" : "were") reported as done."
          : " any more. What is known of \(first == last ? "it" : "them") stays.")
    case .fork(let kind, let first, let count):
      (count == 1
        ? "Line \(first) of its \(words(kind)) was written twice"
        : "\(count) lines of its \(words(kind)), from \(first) on, were written twice")
        + " and differently: two machines wrote as one. Both count."
    case .copy(0):
      "A copy that a sync tool made. All its lines stand elsewhere too, so it may be deleted."
    case .copy(let lines):
      "A copy that a sync tool made. It is read, and \(lines) of its lines stand only here: keep it."
    case .handWritten(let offset, 1):
      "The line at byte \(offset) has no checksum: written by hand. It counts."
    case .handWritten(let offset, let count):
      "\(count) lines have no checksum, the first at byte \(offset): written by hand. They count."
    case .newerFormat(let format):
      "It has format \(format), which only a newer version understands. It is kept, and not written."
    case .refused: "It is a symbolic link or no regular file, and is not read."
    case .foreign: "It is not of the store, and is not read."
    case .unreadable(let error): "It cannot be read, and was left as it is. \(error)"
    case .notOwned(let user): "It belongs to the user with number \(user), so it cannot be written."
    case .noLocks: "Its file system has no locks, so nothing can be written safely."
    case .ahead(let at):
      "Its newest line is of \(at.rfc3339(milliseconds: false)), which is still to come: "
        + "its clock was wrong. A later act here beats it all the same."
    }
  }

  private func words(_ kind: Segment.Kind) -> String {
    kind == .articles ? "articles" : "journal"
  }
}

/// A device as its files show it.
public struct DeviceReport: Hashable, Sendable {
  /// Its id.
  public var id: String
  /// What it calls itself; nil when it does not say.
  public var name: String?
  /// The version that it had last; nil when it does not say.
  public var application: String?
  /// It is this machine.
  public var isOurs: Bool
  /// How many lines of its own count.
  public var lines = 0
  /// How large its files are.
  public var sizeInBytes = 0
  /// When it last wrote, by its own clock; nil when it has written nothing that can be read.
  public var newest: Timestamp?
  /// The newest format in its files.
  public var format = 1

  /// Its newest line is more than a day ahead of a clock.
  public func isAhead(of now: Timestamp) -> Bool {
    newest.map { $0 > now.adding(seconds: 86_400) } ?? false
  }
}

/// What a check of the store's files found.
public struct StoreReport: Hashable, Sendable {
  /// What has to be said, file by file.
  public var findings: [StoreFinding] = []
  /// Every device that has a directory.
  public var devices: [DeviceReport] = []
  /// How many findings were left out, because a repair has dealt with all that could be done.
  public var settled = 0

  /// Nothing has to be done.
  public var isClean: Bool { findings.allSatisfy(\.isHarmless) }
}
