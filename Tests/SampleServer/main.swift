import Glibc
import LoopbackServer

// Serves a directory on a free port of 127.0.0.1 until it is ended by a signal, or, with
// `--until-eof`, until its standard input ends.

var arguments = Array(CommandLine.arguments.dropFirst())
let endsWithInput = arguments.contains("--until-eof")
arguments.removeAll { $0 == "--until-eof" }
guard arguments.count == 1, let files = StaticFiles(directory: arguments[0]) else {
  write("Usage: sample-server DIRECTORY [--until-eof]\n", to: STDERR_FILENO)
  exit(64)
}
let server = try LoopbackServer { request in files.answer(request) }
write(server.url("/") + "\n", to: STDOUT_FILENO)
repeat {
  var byte: UInt8 = 0
  if endsWithInput {
    let count = unsafe read(STDIN_FILENO, &byte, 1)
    if count == 0 || (count < 0 && errno != EINTR) { break }
  } else {
    pause()
  }
} while true
server.stop()

/// Writes a line at once; nobody reads on when that fails.
func write(_ text: String, to descriptor: Int32) {
  let bytes = Array(text.utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
}
