import FeedModel

extension PollState {
  /// The first moment from `moment` on that is in no hour and no day that the publisher wants left
  /// out, looked for until a day after `start`.
  ///
  /// A feed that leaves out every hour or every day means something else, and is not believed.
  func outsideQuietTime(_ moment: Timestamp, since start: Timestamp) -> Timestamp {
    if skipHours.isEmpty, skipDays.isEmpty { return moment }
    let hours = Set(skipHours).count < 24 ? skipHours : []
    let days = Set(skipDays).count < 7 ? skipDays : []
    let last = start.adding(seconds: 86_400)
    var found = moment
    while found < last {
      let date = CivilDate(found)
      guard hours.contains(date.hour) || days.contains(date.weekday) else { return found }
      found = found.adding(seconds: 3600 - found.seconds % 3600)
    }
    return max(moment, min(found, last))
  }
}
