/// The value of a `Server-Timing` field (W3C Server Timing): where the time of one answer went.
///
/// Names are tokens; bytes that a token may not have become `_`. Descriptions are quoted strings in ASCII. At most
/// `metricsMax` entries are kept, so that a loop cannot grow a header without end.
package struct ServerTiming: Sendable, CustomStringConvertible {
    /// The header's value; empty when nothing was added.
    package private(set) var description = ""
    private var count = 0

    package static let metricsMax = 16
    private static let descriptionBytesMax = 64

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// Adds one entry.
    ///
    /// - Parameters:
    ///   - name: what took the time; a token.
    ///   - duration: shown in milliseconds with one decimal; `nil` leaves it out.
    ///   - text: the description, for people; cut after 64 bytes.
    package mutating func add(_ name: String, _ duration: Duration? = nil, description text: String? = nil) {
        guard count < Self.metricsMax, !name.isEmpty else { return }
        if count > 0 { description += ", " }
        count += 1
        for byte in name.utf8 {
            description.unicodeScalars.append(Self.isTokenByte(byte) ? Unicode.Scalar(byte) : "_")
        }
        if let duration {
            description += ";dur=" + Self.milliseconds(duration)
        }
        if let text {
            description += ";desc=\""
            for byte in text.utf8.prefix(Self.descriptionBytesMax) {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): description += "\\"
                default: break
                }
                description.unicodeScalars.append((0x20...0x7E).contains(byte) ? Unicode.Scalar(byte) : "?")
            }
            description += "\""
        }
    }

    /// Milliseconds with one decimal, halves rounded up; below zero counts as zero.
    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return "0.0" }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 10_000)
        guard !overflow else { return "\(Int64.max / 10)" }
        let tenths = whole + (attoseconds + 50_000_000_000_000) / 100_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
