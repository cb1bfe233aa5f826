import FeedModel

/// Puts a whole file in place of another: readers see the old one or the new one.
///
/// Documentation/Format.md, "Writing".
///
/// - Parameters:
///   - name: The file.
///   - directory: Where it stands.
///   - bytes: What it shall hold.
/// - Throws: What the file system says; the old file then stands as it was.
func replace(
  _ name: String,
  in directory: borrowing Descriptor,
  with bytes: [UInt8]
) throws(StoreError) {
  let temporary = try writeTemporary(in: directory) { file throws(StoreError) in
    try file.append(bytes)
  }
  try rename(temporary, to: name, in: directory)
}

/// Writes a file that readers pass over, and brings it to the disk.
///
/// - Parameters:
///   - directory: Where it shall stand.
///   - write: Fills it.
/// - Returns: Its name.
/// - Throws: What the file system says; the file is then removed.
func writeTemporary(
  in directory: borrowing Descriptor,
  _ write: (borrowing Descriptor) throws(StoreError) -> Void
) throws(StoreError) -> String {
  while true {
    let digits = hexadecimal(UInt64.random(in: 0...UInt64.max), digits: 16)
    let name = ".tmp-\(processID())-\(digits)"
    guard let file = try directory.create(named: name, for: .appending) else { continue }
    do throws(StoreError) {
      try write(file)
      try file.sync()
      return name
    } catch {
      // The first error is the one to report; a file that stays is removed after a day.
      try? directory.remove(name)
      throw error
    }
  }
}

/// Gives a temporary file its name, on the disk when this returns.
func rename(
  _ temporary: String,
  to name: String,
  in directory: borrowing Descriptor
) throws(StoreError) {
  do throws(StoreError) {
    try directory.rename(temporary, to: name)
  } catch {
    // As in `writeTemporary`.
    try? directory.remove(temporary)
    throw error
  }
  try directory.sync()
}

/// Removes what a replacing that was cut short has left, when it is older than a day.
///
/// By the clock of the caller, so a wrong clock removes it later, or a fresh one of another
/// machine; that machine then reports an error and tries again.
func removeStaleTemporaries(in directory: borrowing Descriptor, now: Timestamp) {
  let limit = now.adding(seconds: -86_400).milliseconds
  // Nothing depends on it: what cannot be removed today may go tomorrow.
  for name in (try? directory.names()) ?? [] where name.hasPrefix(".tmp-") {
    guard let facts = try? directory.facts(named: name), facts.isRegular,
      facts.modifiedNanoseconds / 1_000_000 < limit
    else { continue }
    try? directory.remove(name)
  }
}
