import FeedModel
import Testing

@Test(
  arguments: [
    ("1970-01-01T00:00:00Z", 0),
    ("2026-11-22T08:06:51Z", 1_795_334_811),
    ("2000-02-29T23:59:59Z", 951_868_799),
    ("1900-03-01T00:00:00Z", -2_203_891_200),
    ("2026-11-22T09:06:51+01:00", 1_795_334_811),
    ("2026-11-21T22:36:51-09:30", 1_795_334_811),
    ("2016-12-31T23:59:60Z", 1_483_228_800),
  ] as [(String, Int64)]
)
func `RFC 3339 dates are read as seconds since 1970`(text: String, seconds: Int64) {
  #expect(Timestamp(rfc3339: text)?.seconds == seconds)
}

@Test(
  arguments: [
    "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-22", "2026-11-22T08:06Z", "",
    "2026-11-22T24:00:00Z", "2026-11-22T08:06:51", "2026-11-22T08:06:51.Z", "x",
    "2026-11-22T08:06:51Z ",
  ]
)
func `what is no RFC 3339 date is nil`(text: String) {
  #expect(Timestamp(rfc3339: text) == nil)
}

@Test func `every day of four centuries survives writing and reading`() {
  for day in stride(from: -160_000, to: 160_000, by: 7) {
    let moment = Timestamp(milliseconds: Int64(day) * 86_400_000 + 12_345)
    #expect(Timestamp(rfc3339: moment.rfc3339(milliseconds: true)) == moment)
  }
}

@Test func `years before 1 and after 9999 are clamped, and arithmetic never overflows`() {
  #expect(Timestamp(seconds: .max).description == "9999-12-31T23:59:59Z")
  #expect(Timestamp(milliseconds: .min) == .earliest)
  #expect(Timestamp.latest.adding(seconds: .max) == .latest)
  #expect(Timestamp.earliest.adding(seconds: .min) == .earliest)
  #expect(Timestamp.latest.description == "9999-12-31T23:59:59.999Z")
  #expect(Timestamp.earliest.description == "0001-01-01T00:00:00Z")
}

@Test func `the written forms with milliseconds sort like the moments`() {
  let moments = [-1, 0, 999, 1000, 1_795_334_811_945].map { Timestamp(milliseconds: $0) }
  let written = moments.map { $0.rfc3339(milliseconds: true) }
  #expect(written == written.sorted())
  #expect(written.allSatisfy { $0.utf8.count == 24 })
}
