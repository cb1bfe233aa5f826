/// Reduces a letter to what counts when texts are compared: no case, no accent.
///
/// Quick and rough, for hundreds of thousands of texts: two letters that become one never make two
/// texts alike by themselves.
///
/// - Parameter scalar: Any character.
/// - Returns: What stands for it; nil for a mark that is no letter of its own.
func foldedLetter(_ scalar: UInt32) -> UInt32? {
  switch scalar {
  case 0x41...0x5A: scalar | 0x20
  case 0..<0xC0: scalar
  case 0xC0..<0x180: letter(scalar, 0xC0, latin)
  case 0x300..<0x370: nil
  case 0x370..<0x400: greek(scalar)
  case 0x400..<0x460: cyrillic(scalar)
  case 0x4C1..<0x4CF: scalar & 1 == 1 ? scalar + 1 : scalar
  case 0x460..<0x530: scalar | 1
  // Points of Hebrew, vowels and the lengthening of Arabic.
  case 0x591..<0x5C8, 0x610..<0x61B, 0x640, 0x64B..<0x660, 0x670: nil
  case 0x622, 0x623, 0x625, 0x671: 0x627
  case 0x629: 0x647
  case 0x649: 0x64A
  // The digits of Arabic and Persian.
  case 0x660..<0x66A: scalar - 0x660 + 0x30
  case 0x6F0..<0x6FA: scalar - 0x6F0 + 0x30
  case 0x1E00..<0x1F00: letter(scalar, 0x1E00, vietnamese)
  // Wide forms of ASCII.
  case 0xFF01..<0xFF5F: foldedLetter(scalar - 0xFEE0)
  default: scalar
  }
}

/// The letters from U+00C0 to U+017F and from U+1E00 to U+1EFF without their accents.
private let latin = Array(
  """
  aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty\
  aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllll\
  llllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs
  """
  .utf8
)
private let vietnamese = Array(
  """
  aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm\
  mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv\
  wwwwwwwwwwxxxxyyzzzzzzhtwyas  s aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
  eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy
  """
  .utf8
)

private func letter(_ scalar: UInt32, _ first: UInt32, _ table: [UInt8]) -> UInt32 {
  let index = Int(scalar - first)
  guard index < table.count, table[index] != UInt8(ascii: " ") else { return scalar }
  return UInt32(table[index])
}

private func greek(_ scalar: UInt32) -> UInt32 {
  switch scalar {
  case 0x386, 0x3AC: 0x3B1
  case 0x388, 0x3AD: 0x3B5
  case 0x389, 0x3AE: 0x3B7
  case 0x38A, 0x390, 0x3AA, 0x3AF, 0x3CA: 0x3B9
  case 0x38C, 0x3CC: 0x3BF
  case 0x38E, 0x3AB, 0x3B0, 0x3CB, 0x3CD: 0x3C5
  case 0x38F, 0x3CE: 0x3C9
  case 0x391..<0x3AA: scalar + 32
  case 0x3C2: 0x3C3
  default: scalar
  }
}

private func cyrillic(_ scalar: UInt32) -> UInt32 {
  let small =
    switch scalar {
    case 0x400..<0x410: scalar + 80
    case 0x410..<0x430: scalar + 32
    default: scalar
    }
  switch small {
  case 0x451: return 0x435
  case 0x439: return 0x438
  default: return small
  }
}
