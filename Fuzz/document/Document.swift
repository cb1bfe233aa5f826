import FuzzSupport

/// Any bytes are a document: parsing ends, says the same twice, and keeps what the model promises.
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe attempt(start, count) { checkDocument($0) }
}
