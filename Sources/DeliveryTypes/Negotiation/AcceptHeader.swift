/// What an `Accept` header says about picture formats (RFC 9110 §12.5.1).
///
/// Qualities are in thousandths. A range that cannot be read counts for nothing; what is past `GrammarLimits` is not
/// read.
struct AcceptHeader {
    private var qualityOfRange: [String: Int] = [:]

    init(_ text: String) {
        let bytes = Array(text.utf8.prefix(GrammarLimits.acceptBytesMax))
        for range in Self.pieces(bytes[...], at: UInt8(ascii: ",")).prefix(GrammarLimits.acceptRangesMax) {
            let parts = Self.pieces(range, at: UInt8(ascii: ";")).map(Self.trimmed)
            guard let first = parts.first, !first.isEmpty else { continue }
            guard let quality = Self.quality(parts.dropFirst()) else { continue }
            let name = String(decoding: first, as: UTF8.self).lowercased()
            // Of two equal ranges with other parameters, the kinder one counts: parameters do not matter to pictures.
            qualityOfRange[name] = max(quality, qualityOfRange[name] ?? 0)
        }
    }

    /// The quality given to a format by its own name; `nil` where it is not named, even if a wildcard covers it.
    func statedQuality(of format: ImageFormat) -> Int? { qualityOfRange[format.mediaType] }

    /// The quality of a format by the most specific range that covers it; 0 where none does.
    func quality(of format: ImageFormat) -> Int {
        statedQuality(of: format) ?? qualityOfRange["image/*"] ?? qualityOfRange["*/*"] ?? 0
    }

    /// The weight among a range's parameters in thousandths, 1000 without one; `nil` for a malformed weight.
    private static func quality(_ parameters: ArraySlice<ArraySlice<UInt8>>) -> Int? {
        for parameter in parameters {
            let isWeight = parameter.first == UInt8(ascii: "q") || parameter.first == UInt8(ascii: "Q")
            guard isWeight else { continue }
            let rest = parameter.dropFirst()
            guard rest.first == UInt8(ascii: "=") else { continue }
            return weight(rest.dropFirst())
        }
        return 1_000
    }

    /// `0`, `1`, or either with a point and up to three digits; at most 1.
    private static func weight(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return nil }
        var value = first == UInt8(ascii: "1") ? 1_000 : 0
        let rest = text.dropFirst()
        guard let point = rest.first else { return value }
        guard point == UInt8(ascii: "."), rest.count <= 4 else { return nil }
        var unit = 100
        for digit in rest.dropFirst() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value += Int(digit - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return value <= 1_000 ? value : nil
    }

    /// Splits outside quoted strings.
    private static func pieces(_ bytes: ArraySlice<UInt8>, at separator: UInt8) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var isQuoted = false
        var isEscaped = false
        for (position, byte) in zip(bytes.indices, bytes) {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                pieces.append(bytes[start..<position])
                start = position + 1
            }
        }
        pieces.append(bytes[start...])
        return pieces
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var bytes = bytes
        while isSpace(bytes.first) { bytes.removeFirst() }
        while isSpace(bytes.last) { bytes.removeLast() }
        return bytes
    }
}
