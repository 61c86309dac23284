/// A value's text with places to be filled in: `{{path}}` inside its strings.
struct ValueTemplate: Sendable, Equatable {
    /// One place.
    struct Gap: Sendable, Equatable {
        /// Bytes of the text that `{{path}}` takes.
        let range: Range<Int>
        /// Index of the path among the release's.
        let path: Int
    }

    /// A path longer than this is plain text.
    static let pathBytesMax = 256

    /// In order; never empty.
    let gaps: [Gap]

    /// Finds the gaps of a compact JSON text; `nil` when there are none.
    ///
    /// Two opening braces cannot follow each other outside a string, so there is nothing to parse. A path has no
    /// quotes, backslashes, braces or control characters; spaces around it do not count.
    init?(_ text: [UInt8], path: (_ name: String) -> Int) {
        var gaps: [Gap] = []
        var index = 0
        while index + 3 < text.count {
            guard text[index] == 0x7B, text[index + 1] == 0x7B else {
                index += 1
                continue
            }
            guard let end = Self.end(text, from: index + 2) else {
                index += 1
                continue
            }
            let name = String(decoding: text[(index + 2)..<end], as: UTF8.self).split(separator: " ")
                .joined(separator: " ")
            if name.isEmpty {
                index += 1
                continue
            }
            gaps.append(Gap(range: index..<end + 2, path: path(name)))
            index = end + 2
        }
        guard !gaps.isEmpty else { return nil }
        self.gaps = gaps
    }

    /// Where `}}` follows a path; `nil` when something else does.
    private static func end(_ text: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 1 < text.count, index - start <= pathBytesMax {
            switch text[index] {
            case 0x7D: return text[index + 1] == 0x7D ? index : nil
            case 0x22, 0x5C, 0x7B, 0..<0x20: return nil
            default: index += 1
            }
        }
        return nil
    }

    /// The text with its gaps filled.
    func filled(_ text: [UInt8], with values: [[UInt8]]) -> [UInt8] {
        var filled: [UInt8] = []
        filled.reserveCapacity(text.count + gaps.reduce(0) { $0 + values[$1.path].count })
        var copied = 0
        for gap in gaps {
            filled += text[copied..<gap.range.lowerBound]
            filled += values[gap.path]
            copied = gap.range.upperBound
        }
        filled += text[copied...]
        return filled
    }
}
