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
  ///
  /// The memory is zeroed, because gumbo 0.10.1 reads a field of its state that it never sets, and
  /// the same text has to give the same tree.
  static func allocate(_ context: UnsafeMutableRawPointer, _ size: Int) -> UnsafeMutableRawPointer {
    let state = unsafe context.assumingMemoryBound(to: State.self)
    let rounded = (size + alignment - 1) & ~(alignment - 1)
    let piece = unsafe piece(of: rounded, state)
    unsafe piece.initializeMemory(as: UInt8.self, repeating: 0, count: rounded)
    return unsafe piece
  }

  private static func piece(
    of size: Int,
    _ state: UnsafeMutablePointer<State>
  ) -> UnsafeMutableRawPointer {
    if let block = unsafe state.pointee.block,
      unsafe state.pointee.used + size <= state.pointee.size
    {
      let piece = unsafe block + state.pointee.used
      unsafe state.pointee.used += size
      return unsafe piece
    }
    let blockSize = max(blockBytes, size + alignment)
    let block = UnsafeMutableRawPointer.allocate(byteCount: blockSize, alignment: alignment)
    unsafe block.storeBytes(of: state.pointee.block, as: UnsafeMutableRawPointer?.self)
    unsafe state.pointee = State(block: block, used: alignment + size, size: blockSize)
    return unsafe block + alignment
  }
}
