import Testing

/// Tests that run the program, one at a time: while a test waits for a process it holds a thread that
/// the tests of all modules share.
@Suite(.serialized) struct ProgramTests {}
