import JSON

/// A version text made comparable by code units: `1.2.3-rc.1+build` becomes its parts, numbers padded to five places.
enum PaddedVersion {
    private static let placesMin = 5

    /// The comparable units of a value; what is no number and no text, or an empty one, is version 0.
    static func units(of value: JSONValue) -> [UInt16] {
        switch value {
        case .number(let number): padded(Array(NumberText.javaScript(number.double).utf16))
        case .string(let text) where !text.isEmpty: padded(text.units)
        default: padded([0x30])
        }
    }

    private static func padded(_ version: [UInt16]) -> [UInt16] {
        var version = version[...]
        // The build information: from the first plus after which the line, and with it the text, ends.
        let lastLine = version.lastIndex { [0x0A, 0x0D, 0x2028, 0x2029].contains($0) }.map { $0 + 1 } ?? 0
        if let plus = version[lastLine...].firstIndex(of: 0x2B) { version = version[..<plus] }
        if version.first == 0x76 { version = version.dropFirst() }
        var parts = version.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x2E }
        // A release comes after its pre-releases.
        if parts.count == 3 { parts.append([0x7E]) }
        var units: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { units.append(0x2D) }
            if !part.isEmpty, part.allSatisfy({ (0x30...0x39).contains($0) }) {
                units.append(contentsOf: repeatElement(0x20, count: max(0, placesMin - part.count)))
            }
            units.append(contentsOf: part)
        }
        return units
    }
}
