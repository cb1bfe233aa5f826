/// The names of months in the languages that feeds are written in.
///
/// A name counts only if it means the same month in all of them; what would be a different day in
/// another language is no date.
enum MonthNames {
  /// The month of a name in lower case, 1 to 12; nil when it is none, or could be two.
  static func month(_ word: String) -> Int? {
    if let month = byName[word] { return month }
    // English names are misspelled; `mar…` alone could be a Tuesday, or a Finnish November.
    guard word.utf8.count >= 5, word.utf8.allSatisfy(Bytes.isLetter), !word.hasPrefix("mar")
    else { return nil }
    return english.firstIndex { word.hasPrefix($0) }.map { $0 + 1 }
  }

  /// Names that stand for a weekday as well: `mar` is Tuesday in French, Italian and Romanian.
  static let weekdays: Set<String> = ["mar"]

  /// Names that Polish has for one month and Croatian, which puts a full stop behind the day, for
  /// another.
  static let doubtfulBehindDot: Set<String> = ["lip", "lis", "listopad", "listopada"]

  /// Words of Vietnamese behind which the number of the month stands.
  static let vietnamese: Set<String> = ["tháng", "thang", "thg"]
  static let vietnameseNumbers: [String: Int] = [
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8,
    "chín": 9, "mười": 10, "chạp": 12,
  ]

  private static let english = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private static let byName: [String: Int] = {
    var table: [String: Int] = [:]
    for language in languages {
      for (index, names) in language.split(separator: ",").enumerated() {
        for name in names.split(whereSeparator: \.isWhitespace) {
          let known = table[String(name)]
          table[String(name)] = known == nil || known == index + 1 ? index + 1 : 0
        }
      }
    }
    return table.filter { $0.value != 0 }
  }()

  /// Twelve months each, all their names and their forms behind the number of a day.
  private static let languages = [
    """
    january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, \
    september sep sept, october oct, november nov, december dec
    """,
    // German, with Austria's names.
    """
    januar jan jän jänner jaenner, februar feb feber febr, märz mär mrz maerz marz, april apr, mai, \
    juni jun, juli jul, august aug, september sep sept, oktober okt, november nov, dezember dez
    """,
    // French.
    """
    janvier janv jan, février fevrier févr fevr fév fev, mars, avril avr, mai, juin, \
    juillet juil juill, août aout aoû, septembre sept, octobre oct, novembre nov, \
    décembre decembre déc dec
    """,
    // Spanish.
    """
    enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, \
    septiembre setiembre sep sept set, octubre oct, noviembre nov, diciembre dic
    """,
    // Italian.
    """
    gennaio gen genn, febbraio feb febbr, marzo mar, aprile apr, maggio mag magg, giugno giu, \
    luglio lug, agosto ago, settembre set sett, ottobre ott, novembre nov, dicembre dic
    """,
    // Portuguese.
    """
    janeiro jan, fevereiro fev, março marco mar, abril abr, maio mai, junho jun, julho jul, \
    agosto ago, setembro set, outubro out, novembro nov, dezembro dez
    """,
    // Catalan.
    """
    gener gen, febrer febr, març mar, abril abr, maig, juny, juliol jul, agost ag, setembre set, \
    octubre oct, novembre nov, desembre des
    """,
    // Romanian.
    """
    ianuarie ian, februarie feb, martie mart, aprilie apr, mai, iunie iun, iulie iul, august aug, \
    septembrie sept, octombrie oct, noiembrie noi, decembrie dec
    """,
    // Dutch.
    """
    januari jan, februari feb, maart mrt maa, april apr, mei, juni jun, juli jul, augustus aug, \
    september sep sept, oktober okt, november nov, december dec
    """,
    // Swedish.
    """
    januari jan, februari feb febr, mars mar, april apr, maj, juni jun, juli jul, augusti aug, \
    september sep sept, oktober okt, november nov, december dec
    """,
    // Danish.
    """
    januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, \
    september sep sept, oktober okt, november nov, december dec
    """,
    // Norwegian.
    """
    januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, \
    september sep sept, oktober okt, november nov, desember des
    """,
    // Finnish.
    """
    tammikuu tammikuuta tammi, helmikuu helmikuuta helmi, maaliskuu maaliskuuta maalis, \
    huhtikuu huhtikuuta huhti, toukokuu toukokuuta touko, kesäkuu kesäkuuta kesä, \
    heinäkuu heinäkuuta heinä, elokuu elokuuta elo, syyskuu syyskuuta syys, \
    lokakuu lokakuuta loka, marraskuu marraskuuta marras, joulukuu joulukuuta joulu
    """,
    // Polish.
    """
    styczeń stycznia sty, luty lutego lut, marzec marca mar, kwiecień kwietnia kwi, maj maja, \
    czerwiec czerwca cze, lipiec lipca lip, sierpień sierpnia sie, wrzesień września wrz, \
    październik października paź, listopad listopada lis, grudzień grudnia gru
    """,
    // Czech.
    """
    leden ledna led, únor února úno, březen března bře, duben dubna dub, květen května kvě, \
    červen června čvn, červenec července čvc, srpen srpna, září zář, říjen října říj, \
    listopad listopadu lis, prosinec prosince
    """,
    // Hungarian.
    """
    január januári jan, február februári febr feb, március márciusi márc, április áprilisi ápr, \
    május májusi máj, június júniusi jún, július júliusi júl, augusztus augusztusi aug, \
    szeptember szeptemberi szept, október októberi okt, november novemberi nov, \
    december decemberi dec
    """,
    // Turkish, also with the dots that the i gets or loses in capitals.
    """
    ocak oca, şubat şub, mart mar, nisan ni̇san nis, mayıs mayis may, haziran haz, temmuz tem, ağustos ağu, \
    eylül eyl, ekim eki, kasım kasim kas, aralık aralik ara
    """,
    // Indonesian.
    """
    januari jan, februari feb, maret mar, april apr, mei, juni jun, juli jul, agustus agu agt, \
    september sep, oktober okt, november nov, desember des
    """,
    // Russian.
    """
    январь января янв, февраль февраля фев февр, март марта мар, апрель апреля апр, май мая, \
    июнь июня июн, июль июля июл, август августа авг, сентябрь сентября сен сент, \
    октябрь октября окт, ноябрь ноября ноя нояб, декабрь декабря дек
    """,
    // Ukrainian.
    """
    січень січня січ, лютий лютого лют, березень березня бер, квітень квітня кві, \
    травень травня тра, червень червня чер, липень липня лип, серпень серпня сер, \
    вересень вересня вер, жовтень жовтня жов, листопад листопада лис, грудень грудня гру
    """,
    // Bulgarian.
    """
    януари яну, февруари, март, април, май, юни, юли, август, септември септ, октомври, \
    ноември ноем, декември
    """,
    // Greek, with and without the accents that abbreviations lose.
    """
    ιανουάριος ιανουαρίου ιαν, φεβρουάριος φεβρουαρίου φεβ, μάρτιος μαρτίου μάρ μαρ μάώ μαώ, \
    απρίλιος απριλίου απρ, μάιος μαΐου μάι μαϊ μαι, ιούνιος ιουνίου ιούν ιουν ιον, \
    ιούλιος ιουλίου ιούλ ιουλ ιολ, αύγουστος αυγούστου αύγ αυγ, σεπτέμβριος σεπτεμβρίου σεπ σεπτ, \
    οκτώβριος οκτωβρίου οκτ, νοέμβριος νοεμβρίου νοέ νοε, δεκέμβριος δεκεμβρίου δεκ
    """,
  ]
}
