/// The memory of one parse by the C library, freed as a whole.
///
/// The library frees its tree by recursion, so a deep tree would overflow the stack. Here nothing
/// is freed on its own: the pieces come from blocks, and the blocks go when this value dies.
@safe struct ParseArena: ~Copyable {
  /// A block begins with the address of the block before it.
  @unsafe private struct State {
    var block: UnsafeMutableRawPointer?
    var used = 0
    var size = 0
  }

  private static let alignment = 16
  private static let blockBytes = 256 << 10

  private let state: UnsafeMutablePointer<State>

  init() {
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State())
  }

  deinit {
    var block = unsafe state.pointee.block
    while let current = unsafe block {
      unsafe block = current.load(as: UnsafeMutableRawPointer?.self)
      unsafe current.deallocate()
    }
    unsafe state.deallocate()
  }

  /// What to give to `allocate` as its first argument; valid as long as this value lives.
  var context: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(state) }

  /// Returns memory for `size` bytes: the shape of a C allocation function.
  static func allocate(_ context: UnsafeMutableRawPointer, _ size: Int) -> UnsafeMutableRawPointer {
    let state = unsafe context.assumingMemoryBound(to: State.self)
    let rounded = (size + alignment - 1) & ~(alignment - 1)
    if let block = unsafe state.pointee.block,
      unsafe state.pointee.used + rounded <= state.pointee.size
    {
      let piece = unsafe block + state.pointee.used
      unsafe state.pointee.used += rounded
      return unsafe piece
    }
    let blockSize = max(blockBytes, rounded + alignment)
    let block = UnsafeMutableRawPointer.allocate(byteCount: blockSize, alignment: alignment)
    unsafe block.storeBytes(of: state.pointee.block, as: UnsafeMutableRawPointer?.self)
    unsafe state.pointee = State(block: block, used: alignment + rounded, size: blockSize)
    return unsafe block + alignment
  }
}
