import TestSupport

/// Draws what a publisher is like.
enum Profile {
  /// Guid, link, date and kind of text that go together; the rest is drawn.
  ///
  /// What no program could decide is not here: a guid that is random, no link, and texts that are
  /// edited; templates without date or without a lasting name.
  private static let all: [Set<Habit>] = [
    [.pageGuid, .pageLink, .realDate, .essays],
    [.numberedGuid, .pageLink, .realDate, .essays],
    [.opaqueGuid, .pageLink, .dateOfEdit, .essays],
    [.opaqueGuid, .noLink, .realDate, .essays],
    [.noGuid, .pageLink, .realDate, .essays],
    [.noGuid, .pageLink, .noDate, .essays],
    [.noGuid, .noLink, .realDate, .essays],
    [.noGuid, .noLink, .noDate, .essays],
    [.noGuid, .noLink, .dateOfFetch, .essays],
    [.randomGuid, .pageLink, .realDate, .essays],
    [.randomGuid, .pageLink, .dateOfFetch, .essays],
    [.randomGuid, .noLink, .realDate, .essays],
    [.randomGuid, .homeLink, .noDate, .essays],
    [.timedGuid, .pageLink, .realDate, .essays],
    [.timedGuid, .noLink, .noDate, .essays],
    [.titledGuid, .pageLink, .realDate, .essays],
    [.titledGuid, .noLink, .realDate, .essays],
    [.datedGuid, .pageLink, .dateOfEdit, .essays],
    [.hashedGuid, .pageLink, .noDate, .essays],
    [.hashedGuid, .homeLink, .realDate, .essays],
    [.oneGuid, .pageLink, .realDate, .essays],
    [.oneGuid, .noLink, .realDate, .essays],
    [.oneGuid, .homeLink, .noDate, .essays],
    [.opaqueGuid, .homeLink, .realDate, .essays],
    [.opaqueGuid, .homeLink, .dateOfFetch, .essays],
    [.opaqueGuid, .dailyLink, .realDate, .essays],
    [.noGuid, .dailyLink, .realDate, .essays],
    [.noGuid, .dailyLink, .noDate, .essays],
    [.numberedGuid, .campaignLink, .realDate, .essays],
    [.noGuid, .campaignLink, .realDate, .essays],
    [.opaqueGuid, .sessionLink, .realDate, .essays],
    [.noGuid, .sessionLink, .noDate, .essays],
    [.numberedGuid, .pageLink, .realDate, .weeklyThread],
    [.opaqueGuid, .noLink, .realDate, .weeklyThread],
    [.noGuid, .pageLink, .realDate, .weeklyThread],
    [.opaqueGuid, .pageLink, .realDate, .report],
    [.pageGuid, .pageLink, .realDate, .report],
    [.noGuid, .pageLink, .realDate, .report],
    [.opaqueGuid, .homeLink, .realDate, .report],
    [.opaqueGuid, .pageLink, .realDate, .comic],
    [.noGuid, .pageLink, .realDate, .comic],
    [.pageGuid, .pageLink, .realDate, .titlesOnly],
    [.noGuid, .noLink, .realDate, .titlesOnly],
    [.opaqueGuid, .pageLink, .realDate, .podcast],
    [.numberedGuid, .noLink, .realDate, .podcast],
    [.pageGuid, .pageLink, .realDate, .untitled],
    [.opaqueGuid, .noLink, .realDate, .untitled],
    [.randomGuid, .pageLink, .realDate, .untitled],
    [.numberedGuid, .pageLink, .realDate, .essays],
    [.noGuid, .noLink, .realDate, .untitled],
  ]

  /// How many there are: so many feeds show each once.
  static let count = all.count

  static func drawn(_ number: Int, _ dice: inout Dice) -> Set<Habit> {
    var habits = all[number % all.count]
    let isPlain = habits.contains(.essays) || habits.contains(.untitled)
    if isPlain {
      if dice.oneIn(4) { habits.insert(.counters) }
      if dice.oneIn(4) { habits.insert(.markup) }
    }
    if dice.oneIn(5) { habits.insert(.withoutSpaces) }
    switch dice.below(5) {
    case 0: habits.insert(.shuffled)
    case 1: habits.insert(.oldestFirst)
    default: break
    }
    if !habits.contains(.dailyLink) {
      if dice.oneIn(6) { habits.insert(.alternating) }
      if dice.oneIn(6) { habits.insert(.repeating) }
      if dice.oneIn(3) { habits.insert(.returning) }
    }
    return habits
  }
}
