import Foundation

/// The seeds of a test with random values: so many, or more where RILL_SEEDS is more than 400.
///
/// - Parameter count: How many there are in every run.
/// - Returns: The seeds, from 1 on.
public func seeds(_ count: Int) -> ClosedRange<Int> {
  let wanted = ProcessInfo.processInfo.environment["RILL_SEEDS"].flatMap(Int.init) ?? 400
  return 1...max(1, count * wanted / 400)
}
