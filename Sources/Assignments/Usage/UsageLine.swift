/// One line of a usage log: a checksum in eight lower-case hexadecimal digits, a space, the event, a line feed.
enum UsageLine {
    static let lineFeed = UInt8(ascii: "\n")
    /// The first line of every segment.
    static let header = Array("vitrine usage 1\n".utf8)
    /// Longer than any line that `write` makes.
    static let bytesMax = 64 << 10

    private static let prefixBytes = 9

    static func write(_ event: UsageEvent, into bytes: inout [UInt8]) {
        let json = event.json
        let digits = String(CRC32C.checksum(of: json), radix: 16)
        bytes += repeatElement(UInt8(ascii: "0"), count: 8 - digits.utf8.count)
        bytes += digits.utf8
        bytes.append(UInt8(ascii: " "))
        bytes += json
        bytes.append(lineFeed)
    }

    /// Whether a line, without its line feed, is as it was written.
    static func isWhole(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count > prefixBytes, line.count < bytesMax, line[line.startIndex + 8] == UInt8(ascii: " "),
            let said = checksum(line.prefix(8))
        else { return false }
        return CRC32C.checksum(of: line.dropFirst(prefixBytes)) == said
    }

    /// The event of a line without its line feed; `nil` if the line is damaged.
    static func event(_ line: ArraySlice<UInt8>) -> UsageEvent? {
        guard isWhole(line) else { return nil }
        // What is whole and yet no event was written by something else: left out like a damaged line.
        return try? UsageEvent(json: Array(line.dropFirst(prefixBytes)))
    }

    private static func checksum(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
