/// The arguments of one option in a URL, and how each kind of value is read.
///
/// Positions count from 0. An argument that is missing or empty is "left out": the option's present value stays.
package struct OptionArguments {
    /// The option's name as written.
    let name: Substring
    /// A slice of the option's parts; the name is part 0, so that an index is what a person calls the argument.
    private let values: ArraySlice<Substring>

    /// - Precondition: `parts` holds the name and at least one argument.
    init(parts: [Substring]) {
        name = parts[0]
        values = parts.dropFirst()
    }

    private init(name: Substring, values: ArraySlice<Substring>) {
        self.name = name
        self.values = values
    }

    var count: Int { values.count }

    /// The arguments from `position` on, as those of the same option.
    func dropFirst(_ position: Int) -> OptionArguments {
        OptionArguments(name: name, values: values.dropFirst(position))
    }

    /// The first `count` arguments, as those of the same option.
    func prefix(_ count: Int) -> OptionArguments {
        OptionArguments(name: name, values: values.prefix(count))
    }

    /// The argument's text, or `nil` where it is left out.
    func text(_ position: Int) -> Substring? {
        guard position < values.count else { return nil }
        let value = values[values.startIndex + position]
        return value.isEmpty ? nil : value
    }

    /// The argument's text.
    ///
    /// - Throws: when it is left out; the error says what was expected.
    func required(_ position: Int, _ expected: String) throws(TransformationError) -> Substring {
        guard let value = text(position) else { throw error("\(ordinal(position)) is missing: expected \(expected)") }
        return value
    }

    /// A boolean: `1`, `t`, `true`, `0`, `f` or `false`, also capitalised or in capitals.
    func flag(_ position: Int) throws(TransformationError) -> Bool {
        let expected = "1, t, true, 0, f or false"
        let value = try required(position, expected)
        switch value {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw mismatch(position, expected, value)
        }
    }

    func integer(_ position: Int, in range: ClosedRange<Int>) throws(TransformationError) -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let value = try required(position, expected)
        guard value.utf8.count <= GrammarLimits.numberCharactersMax, let number = Int(value), range.contains(number)
        else { throw mismatch(position, expected, value) }
        return number
    }

    func number(_ position: Int, in range: ClosedRange<Double>) throws(TransformationError) -> Double {
        let value = try required(position, Self.expectation(range))
        guard let number = Self.number(value), range.contains(number) else {
            throw mismatch(position, Self.expectation(range), value)
        }
        return number
    }

    /// A number in 0…`maximum`, 0 excluded.
    func positiveNumber(_ position: Int, upTo maximum: Double) throws(TransformationError) -> Double {
        let expected = "a number above 0, at most \(OptionText.number(maximum))"
        let value = try required(position, expected)
        guard let number = Self.number(value), number > 0, number <= maximum else {
            throw mismatch(position, expected, value)
        }
        return number
    }

    /// A colour as three or six hexadecimal digits.
    func color(_ position: Int) throws(TransformationError) -> Color {
        let expected = "a colour of 3 or 6 hexadecimal digits"
        let value = try required(position, expected)
        guard let color = Color(hex: value) else { throw mismatch(position, expected, value) }
        return color
    }

    func format(_ position: Int) throws(TransformationError) -> ImageFormat {
        let expected = "a picture format"
        let value = try required(position, expected)
        guard let format = ImageFormat(name: value) else { throw mismatch(position, expected, value) }
        return format
    }

    /// Base64url-encoded UTF-8, `bytesMax` at most after decoding.
    func encodedText(_ position: Int, _ content: String, bytesMax: Int) throws(TransformationError) -> String {
        let expected = "\(content) as URL-safe Base64"
        let value = try required(position, expected)
        guard let text = Base64URL.decodeText(value.utf8), !text.isEmpty else {
            throw mismatch(position, expected, value)
        }
        guard text.utf8.count <= bytesMax else {
            throw error("\(content) has \(text.utf8.count) bytes, more than \(bytesMax)")
        }
        return text
    }

    /// A picture's address, URL-safe Base64.
    func source(_ position: Int) throws(TransformationError) -> SourceReference {
        let text = try encodedText(position, "the picture's address", bytesMax: GrammarLimits.sourceBytesMax)
        return try SourceReference(parsing: text, option: name)
    }

    func error(_ reason: String) -> TransformationError { TransformationError(option: name, reason: reason) }

    func mismatch(_ position: Int, _ expected: String, _ value: Substring) -> TransformationError {
        error("\(ordinal(position)) is \(TransformationError.quoted(value)), expected \(expected)")
    }

    private func ordinal(_ position: Int) -> String {
        "argument \(values.startIndex + position)"
    }

    private static func expectation(_ range: ClosedRange<Double>) -> String {
        "a number from \(OptionText.number(range.lowerBound)) to \(OptionText.number(range.upperBound))"
    }

    /// A finite decimal number; no hexadecimal, no words.
    private static func number(_ value: Substring) -> Double? {
        guard value.utf8.count <= GrammarLimits.numberCharactersMax else { return nil }
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                continue
            default: return nil
            }
        }
        guard let number = Double(value), number.isFinite else { return nil }
        // One zero, so that equal values have one text.
        return number == 0 ? 0 : number
    }
}
