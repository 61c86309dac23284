import DeliveryTypes

/// Brings an XML document's bytes to valid UTF-8 without a byte order mark.
enum XMLEncoding {
    static func utf8(_ bytes: Span<UInt8>) throws(RenderFailure) -> [UInt8] {
        if bytes.begins(with: [0xFF, 0xFE]) || bytes.begins(with: [0x3C, 0x00]) {
            return try utf16(bytes, isBigEndian: false)
        }
        if bytes.begins(with: [0xFE, 0xFF]) || bytes.begins(with: [0x00, 0x3C]) {
            return try utf16(bytes, isBigEndian: true)
        }
        let hasMark = bytes.begins(with: [0xEF, 0xBB, 0xBF])
        let declared = hasMark ? "utf-8" : declaredEncoding(bytes)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        switch declared {
        case "iso-8859-1", "latin1", "windows-1252":
            // The 32 places in which Windows differs hold no character of markup.
            for index in 0..<bytes.count { text += Array(String(UnicodeScalar(bytes[index])).utf8) }
        case "utf-8", "utf8", "us-ascii", "ascii":
            for index in (hasMark ? 3 : 0)..<bytes.count { text.append(bytes[index]) }
            guard String(validating: text, as: UTF8.self) != nil else { throw .corruptSVG("it is not valid UTF-8") }
        default:
            throw RenderFailure(.unsupportedSource, "The SVG is in an encoding that is not read; write it in UTF-8.")
        }
        return text
    }

    private static func utf16(_ bytes: Span<UInt8>, isBigEndian: Bool) throws(RenderFailure) -> [UInt8] {
        guard bytes.count % 2 == 0 else { throw .corruptSVG("it ends within a character") }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let (high, low) = isBigEndian ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            units.append(UInt16(high) << 8 | UInt16(low))
        }
        if units.first == 0xFEFF { units.removeFirst() }
        guard let text = String(validating: units, as: UTF16.self) else { throw .corruptSVG("it is not valid UTF-16") }
        return Array(text.utf8)
    }

    /// The encoding of the XML declaration in lower case, UTF-8 if there is none.
    private static func declaredEncoding(_ bytes: Span<UInt8>) -> String {
        guard bytes.begins(with: Array("<?xml".utf8)) else { return "utf-8" }
        var declaration = ""
        for index in 0..<min(bytes.count, 256) {
            if bytes[index] == UInt8(ascii: ">") { break }
            declaration.append(Character(UnicodeScalar(bytes[index])))
        }
        let parts = declaration.split(separator: "encoding", maxSplits: 1)
        guard parts.count == 2 else { return "utf-8" }
        let value = parts[1].drop { $0 == " " || $0 == "=" || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return "utf-8" }
        return value.dropFirst().prefix { $0 != quote }.lowercased()
    }
}
