/// Single characters, classes and escapes.
extension PatternParser {
    mutating func atom() throws(PatternError) -> PatternNode {
        guard let next = unit() else { throw error("unexpected end") }
        switch next {
        case 0x2E:
            at += 1
            return .any
        case 0x5B:
            at += 1
            return .set(try set())
        case 0x5C:
            at += 1
            return try escape()
        case 0x2A, 0x2B, 0x3F: throw error("nothing to repeat")
        case 0x7B:
            if braces() != nil { throw error("nothing to repeat") }
            fallthrough
        default:
            at += 1
            return .unit(next)
        }
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        guard let next = unit() else { throw error("\\ at the end") }
        if let set = setEscape() { return .set(set) }
        if (0x31...0x39).contains(next), let reference = numberedReference() { return reference }
        if next == 0x6B, !names.isEmpty {
            at += 1
            return try namedReference()
        }
        return .unit(try character(isInClass: false))
    }

    /// `\d`, `\D`, `\s`, `\S`, `\w`, `\W`.
    private mutating func setEscape() -> UnitSet? {
        let set: UnitSet
        switch unit() {
        case 0x64: set = .digits
        case 0x44: set = .digits.inverted
        case 0x73: set = .space
        case 0x53: set = .space.inverted
        case 0x77: set = .word
        case 0x57: set = .word.inverted
        default: return nil
        }
        at += 1
        // Plain ranges: ignoring case looks at the members.
        return UnitSet(ranges: set.ranges)
    }

    /// The unit that the escape here stands for; `at` is after the backslash.
    private mutating func character(isInClass: Bool) throws(PatternError) -> UInt16 {
        guard let next = unit() else { throw error("\\ at the end") }
        switch next {
        case 0x30...0x37: return octal()
        case 0x63:
            guard let letter = unit(1), isControl(letter, isInClass: isInClass) else { return 0x5C }
            at += 2
            return letter & 31
        case 0x78: return hexadecimal(2) ?? next
        case 0x75: return hexadecimal(4) ?? next
        default: break
        }
        at += 1
        switch next {
        case 0x62 where isInClass: return 8
        case 0x66: return 12
        case 0x6E: return 10
        case 0x72: return 13
        case 0x74: return 9
        case 0x76: return 11
        default: return next
        }
    }

    private func isControl(_ unit: UInt16, isInClass: Bool) -> Bool {
        switch unit {
        case 0x41...0x5A, 0x61...0x7A: true
        case 0x30...0x39, 0x5F: isInClass
        default: false
        }
    }

    /// Up to three octal digits, at most 0xFF.
    private mutating func octal() -> UInt16 {
        var value: UInt16 = 0
        while let digit = unit(), (0x30...0x37).contains(digit), value * 8 + (digit - 0x30) <= 0xFF {
            value = value * 8 + (digit - 0x30)
            at += 1
        }
        return value
    }

    /// The hexadecimal digits after the letter here; only the letter is read when they are not there.
    private mutating func hexadecimal(_ count: Int) -> UInt16? {
        at += 1
        var value: UInt16 = 0
        for index in 0..<count {
            switch unit(index) {
            case .some(let digit) where (0x30...0x39).contains(digit): value = value << 4 | (digit - 0x30)
            case .some(let digit) where (0x41...0x46).contains(digit): value = value << 4 | (digit - 0x41 + 10)
            case .some(let digit) where (0x61...0x66).contains(digit): value = value << 4 | (digit - 0x61 + 10)
            default: return nil
            }
        }
        at += count
        return value
    }

    /// A class, after its bracket.
    private mutating func set() throws(PatternError) -> UnitSet {
        let isInverted = skip("^")
        var ranges: [ClosedRange<UInt16>] = []
        while !skip("]") {
            guard unit() != nil else { throw error("an unterminated class") }
            let first = try classAtom()
            guard isNext("-"), unit(1) != 0x5D, unit(1) != nil else {
                ranges += first.ranges
                continue
            }
            at += 1
            let last = try classAtom()
            guard case .unit(let low) = first, case .unit(let high) = last else {
                ranges += first.ranges + [0x2D...0x2D] + last.ranges
                continue
            }
            guard low <= high else { throw error("a range out of order") }
            ranges.append(low...high)
        }
        let set = UnitSet(ranges: ranges)
        return isInverted ? set.inverted : set
    }

    private enum ClassAtom {
        case unit(UInt16)
        case set(UnitSet)

        var ranges: [ClosedRange<UInt16>] {
            switch self {
            case .unit(let unit): [unit...unit]
            case .set(let set): set.ranges
            }
        }
    }

    private mutating func classAtom() throws(PatternError) -> ClassAtom {
        guard let next = unit() else { throw error("an unterminated class") }
        at += 1
        guard next == 0x5C else { return .unit(next) }
        if let set = setEscape() { return .set(set) }
        return .unit(try character(isInClass: true))
    }
}
