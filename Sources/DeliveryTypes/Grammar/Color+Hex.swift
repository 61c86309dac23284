extension Color {
    /// Reads three or six hexadecimal digits in either letter case (`f80` is `ff8800`); `nil` for anything else.
    package init?(hex: some StringProtocol) {
        let digits = hex.utf8.compactMap(PercentEncoding.digit)
        guard digits.count == hex.utf8.count else { return nil }
        switch digits.count {
        case 3: self.init(red: digits[0] * 17, green: digits[1] * 17, blue: digits[2] * 17)
        case 6:
            self.init(
                red: digits[0] << 4 | digits[1],
                green: digits[2] << 4 | digits[3],
                blue: digits[4] << 4 | digits[5]
            )
        default: return nil
        }
    }

    /// Six lower-case hexadecimal digits.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        let channels = [red, green, blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: channels, as: UTF8.self)
    }
}
