import Subprocess

extension TerminationStatus {
  /// How a program failed, to stand behind its name; nil where it did not.
  var failure: String? {
    switch self {
    case .exited(0): nil
    case .exited(let status): "ended with \(status)"
    case .signaled(let signal): "was ended by signal \(signal)"
    }
  }
}
