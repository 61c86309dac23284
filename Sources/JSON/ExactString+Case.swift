extension ExactString {
    /// `text.toLowerCase()`: Unicode's full mapping without locale, with the sigma that ends a word.
    package var lowercased: ExactString {
        guard let text = wellFormed else { return loneLowercased }
        if text.utf8.allSatisfy({ $0 < 0x80 && !(0x41...0x5A).contains($0) }) { return self }
        return ExactString(Self.lowercased(Array(text.unicodeScalars)))
    }

    private static func lowercased(_ scalars: [UnicodeScalar]) -> String {
        var lower = ""
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\u{3A3}" {
                lower.unicodeScalars.append(endsWord(scalars, at: index) ? "\u{3C2}" : "\u{3C3}")
            } else if scalar.isASCII {
                let isUpper = (0x41...0x5A).contains(scalar.value)
                lower.unicodeScalars.append(isUpper ? UnicodeScalar(UInt8(scalar.value) + 32) : scalar)
            } else {
                lower += scalar.properties.lowercaseMapping
            }
        }
        return lower
    }

    /// Unicode's Final_Sigma: a cased letter before, none after, case-ignorable ones in between skipped.
    private static func endsWord(_ scalars: [UnicodeScalar], at index: Int) -> Bool {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }

    /// Between lone surrogates, which stay and are no letters.
    private var loneLowercased: ExactString {
        var lower: [UInt16] = []
        var pending: [UInt16] = []
        let units = units
        for (index, unit) in units.enumerated() {
            let isHigh = unit & 0xFC00 == 0xD800 && index + 1 < units.count && units[index + 1] & 0xFC00 == 0xDC00
            let isLow = unit & 0xFC00 == 0xDC00 && index > 0 && units[index - 1] & 0xFC00 == 0xD800
            if unit & 0xF800 != 0xD800 || isHigh || isLow {
                pending.append(unit)
            } else {
                ExactString(units: pending).lowercased.appendUnits(to: &lower)
                pending = []
                lower.append(unit)
            }
        }
        ExactString(units: pending).lowercased.appendUnits(to: &lower)
        return ExactString(units: lower)
    }
}
