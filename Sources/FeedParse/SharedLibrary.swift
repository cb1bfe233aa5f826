import Glibc

/// A shared library that stays loaded for as long as the process lives.
@safe struct SharedLibrary {
  private let pointer: UnsafeMutableRawPointer

  /// Loads a library with all that it needs; nil when that fails.
  ///
  /// The corresponding C function is `dlopen`.
  init?(_ name: String) {
    guard let pointer = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    unsafe self.pointer = pointer
  }

  /// A function of the type that the caller names; nil when the library has none of that name.
  ///
  /// The corresponding C function is `dlsym`.
  @unsafe func function<Function>(_ name: String) -> Function? {
    guard let symbol = unsafe dlsym(pointer, name) else { return nil }
    return unsafe unsafeBitCast(symbol, to: Function.self)
  }
}
