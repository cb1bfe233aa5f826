import Testing

@testable import FeedStore

@Test(arguments: [
  "j-000001.jsonl", "a-000001.jsonl", "snap-000003.jsonl",
  "j-000001.sync-conflict-20261122-081138-UOUIYMM.jsonl",
  "j-000001 (Ann's conflicted copy 2026-11-22).jsonl",
  "j-000001 (conflicted copy 2026-11-22 081138).jsonl", "j-000001 (1).jsonl", "j-000001 2.jsonl",
  "j-000001.Conflict.jsonl", "j-.jsonl", "a-000001 (Kopie für Zoë).jsonl",
])
func `whatever a sync tool puts into a name, the file is input`(file: String) throws {
  let segment = try #require(Segment(name: "dev/k7m2q9xw/\(file)", sizeInBytes: 5))
  #expect(segment.device == "k7m2q9xw")
  #expect(segment.sizeInBytes == 5)
}

@Test(arguments: [
  ".syncthing.j-000001.jsonl.tmp", "~syncthing~j-000001.jsonl.tmp", ".tmp-1-2", "device.json",
  ".j-000001.jsonl", "~j-000001.jsonl", "j-000001.jsonl.tmp", "j-000001.json", "J-000001.jsonl",
  "x-000001.jsonl", "", ".", "..", "j-/../../x.jsonl", "j-\0.jsonl",
])
func `what is still arriving or something else is no input`(file: String) {
  #expect(Segment(name: "dev/k7m2q9xw/\(file)", sizeInBytes: 5) == nil)
}

@Test(arguments: [
  "", "dev", "dev/", "dev//j-1.jsonl", "dev/k7m2q9xw", "/dev/k7m2q9xw/j-1.jsonl",
  "dev/../j-1.jsonl", "dev/k7m2q9xw/../j-1.jsonl", "dev/K7M2Q9XW/j-1.jsonl", "dev/k7m2/j-1.jsonl",
  "other/k7m2q9xw/j-1.jsonl", "dev/k7m2q9xw/x/j-1.jsonl", "dev/......../j-1.jsonl",
])
func `a name that could lead elsewhere is none`(name: String) {
  #expect(Segment(name: name, sizeInBytes: 0) == nil)
}

@Test(arguments: [
  (1, "j-000001.jsonl"), (999_999, "j-999999.jsonl"), (1_000_000, "j-1000000.jsonl"),
])
func `segments are numbered with six digits at least`(number: Int, name: String) {
  #expect(SegmentName.file(.journal, number) == name)
  #expect(SegmentName.isOriginal(name))
}

@Test(arguments: ["j-000001 (1).jsonl", "j-00001.jsonl", "j-000001x.jsonl", "k-000001.jsonl"])
func `a copy's name is not one that a device gives`(name: String) {
  #expect(!SegmentName.isOriginal(name))
}
