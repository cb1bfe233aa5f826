import Glibc

// The one file of this module that calls the C library.

/// A program could not be run: the number that a call of the system gave.
public struct SpawnError: Error, Hashable, Sendable {
  /// The number, as in `errno`.
  public let code: Int32
}

/// Runs a program and waits for its end; it inherits nothing but the three files.
///
/// The corresponding C functions are `posix_spawn` and `waitpid`.
///
/// - Parameters:
///   - program: The path of the program.
///   - arguments: Its arguments, without its name.
///   - environment: `NAME=value`.
///   - input: The file to read from.
///   - output: The file to write to; it is there already.
///   - errors: The file for messages; it is there already.
/// - Returns: The exit status, or 128 and the number of the signal that ended it.
/// - Throws: `SpawnError` when it cannot be run.
func runToItsEnd(
  _ program: String,
  _ arguments: [String],
  environment: [String],
  input: String,
  output: String,
  errors: String
) throws(SpawnError) -> Int32 {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_TRUNC, 0)
  unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_TRUNC, 0)
  // A socket of another test that lived on in this program would never be closed for its peer. What
  // is not open is closed without harm.
  for descriptor in Int32(3)..<1024 {
    unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
  }
  // The thread that waits blocks signals, which a program in a terminal does not.
  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  unsafe sigemptyset(&none)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
  var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
  defer { unsafe (words + variables).forEach { unsafe free($0) } }
  var id = pid_t()
  let code = unsafe posix_spawn(&id, program, &actions, &attributes, &words, &variables)
  guard code == 0 else { throw SpawnError(code: code) }
  var status: Int32 = 0
  while unsafe waitpid(id, &status, 0) < 0 {
    guard errno == EINTR else { throw SpawnError(code: errno) }
  }
  let signal = status & 0x7F
  return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}
