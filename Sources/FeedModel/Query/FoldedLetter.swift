/// Reduces a letter to what counts in searches: no case, no accent.
///
/// As the tokenizer unicode61 of FTS5 does it (`remove_diacritics 2`), and for Greek and Cyrillic
/// letters as well, so that a text is found whether its accents stand alone or not.
///
/// - Parameter scalar: A character that is no mark.
/// - Returns: What stands for it.
func foldedLetter(_ scalar: UInt32) -> UInt32 {
  switch scalar {
  case 0x41...0x5A: scalar | 0x20
  case ..<0xB5: scalar
  case 0xB5: 0x3BC
  case 0xC0..<0x250: entry(latin, scalar, 0xC0)
  case 0x345: 0x3B9
  case 0x370..<0x590: entry(greek, scalar, 0x370)
  case 0x10A0...0x10C5, 0x10C7, 0x10CD: scalar + 7264
  case 0x1E00..<0x2000: entry(extended, scalar, 0x1E00)
  case 0x2126: 0x3C9
  case 0x212A: 0x6B
  case 0x212B: 0x61
  case 0x2132, 0x2183: scalar == 0x2132 ? 0x214E : 0x2184
  case 0x2160...0x216F: scalar + 16
  case 0x2C00...0x2C2E: scalar + 48
  case 0x2C60...0x2C7F: rareLatin[scalar] ?? scalar
  case 0x2C80...0x2CE2, 0x2CF2, 0xA640...0xA66C, 0xA680...0xA696, 0xA722...0xA72E,
    0xA732...0xA76E, 0xA77E...0xA786, 0xA790...0xA792, 0xA7A0...0xA7A8:
    scalar | 1
  case 0x2CEB, 0x2CED, 0xA779, 0xA77B, 0xA78B: scalar + 1
  case 0xA77D, 0xA78D, 0xA7AA: rareLatin[scalar] ?? scalar
  case 0xFF21...0xFF3A: scalar + 32
  case 0x10400...0x10427: scalar + 40
  default: scalar
  }
}

/// Capital letters whose small ones stand in other blocks, and their neighbours.
private let rareLatin: [UInt32: UInt32] = [
  0x2C60: 0x2C61, 0x2C62: 0x26B, 0x2C63: 0x1D7D, 0x2C64: 0x27D, 0x2C67: 0x2C68, 0x2C69: 0x2C6A,
  0x2C6B: 0x2C6C, 0x2C6D: 0x251, 0x2C6E: 0x271, 0x2C6F: 0x250, 0x2C70: 0x252, 0x2C72: 0x2C73,
  0x2C75: 0x2C76, 0x2C7E: 0x23F, 0x2C7F: 0x240, 0xA77D: 0x1D79, 0xA78D: 0x265, 0xA7AA: 0x266,
]

private func entry(_ table: [UInt32], _ scalar: UInt32, _ first: UInt32) -> UInt32 {
  let index = Int(scalar - first)
  return index < table.count && table[index] != 0x20 ? table[index] : scalar
}

private func table(_ letters: String) -> [UInt32] { letters.unicodeScalars.map(\.value) }

// What stands for each letter; a space where that is the letter itself.

/// From U+00C0 on.
private let latin = table(
  """
  aaaaaaæceeeeiiiiðnooooo øuuuuyþ aaaaaa ceeeeiiii nooooo  uuuuy yaaaaaaccccccccddđ eeeeee\
  eeeegggggggghhħ iiiiiiiii ĳ jjkk llllllŀ ł nnnnnn ŋ ooooooœ rrrrrrssssssssttttŧ uuuuuuuu\
  uuuuwwyyyzzzzzzs ɓƃ ƅ ɔƈ ɖɗƌ  ǝəɛƒ ɠɣ ɩɨƙ   ɯɲ ɵooƣ ƥ ʀƨ ʃ  ƭ ʈuuʊʋƴ ƶ ʒƹ   ƽ       ǆǆ ǉ\
  ǉ ǌǌ aaiioouuuuuuuuuu aaǡ ǣ ǥ ggkkooooǯ jǳǳ ggƕƿnnaaǽ ǿ aaaaeeeeiiiioooorrrruuuussttȝ hh\
  ƞ ȣ ȥ aaeeooooooooyy      ⱥȼ ƚⱦ  ɂ ƀʉʌɇ ɉ ɋ ɍ ɏ
  """
)

/// From U+0370 on.
private let greek = table(
  """
  ͱ ͳ ʹ ͷ               α εηι ο υωιαβγδεζηθικλμνξοπρ στυφχψωιυαεηιυ                 σ     \
    ιυουωϗβθ ϒϒφπ ϙ ϛ ϝ ϟ ϡ ϣ ϥ ϧ ϩ ϫ ϭ ϯ κρ  θε ϸ ϲϻ  ͻͼͽееђгєѕііјљњћкиуџабвгдежзииклмноп\
  рстуфхцчшщъыьэюя         и                      ее г   і    киу ѡ ѣ ѥ ѧ ѩ ѫ ѭ ѯ ѱ ѳ ѵ ѵѵ\
  ѹ ѻ ѽ ѿ ҁ         ҋ ҍ ҏ ґ ғ ҕ җ ҙ қ ҝ ҟ ҡ ң ҥ ҧ ҩ ҫ ҭ ү ұ ҳ ҵ ҷ ҹ һ ҽ ҿ ӏжжӄ ӆ ӈ ӊ ӌ ӎ  \
  ааааӕ ееә әәжжззӡ ииииооө өөээууууууччӷ ыыӻ ӽ ӿ ԁ ԃ ԅ ԇ ԉ ԋ ԍ ԏ ԑ ԓ ԕ ԗ ԙ ԛ ԝ ԟ ԡ ԣ ԥ ԧ \
           աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ
  """
)

/// From U+1E00 on.
private let extended = table(
  """
  aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppp\
  rrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy s  ß aaaaaaaaaaaaaaaa\
  aaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻ ỽ ỿ αααααααα\
  ααααααααεεεεεε  εεεεεε  ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιιοοοοοο  οοοοοο  υυυυυυυυ υ υ υ υ\
  ωωωωωωωωωωωωωωωωααεεηηιιοουυωω  ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωωωωωωωωααααα αα\
  ααααα ι   ηηη ηηεεηηη   ιιιι  ιιιιιι    υυυυρρυυυυυυρ     ωωω ωωοοωωω
  """
)
