/// Cuts a stream of bytes into lines at line feeds.
package struct LineSplitter: Sendable {
    private let bytesMax: Int
    private var line: [UInt8] = []

    /// Bytes of a line past `bytesMax` are dropped.
    package init(bytesMax: Int = 64 << 10) { self.bytesMax = bytesMax }

    /// Takes the next bytes and returns the lines that they end, without their line feeds.
    package mutating func append(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            lines.append(line)
            line = []
            rest = rest[(end + 1)...]
        }
        take(rest)
        return lines
    }

    /// What remains without a line feed, at the end of the stream.
    package mutating func finish() -> [UInt8]? {
        defer { line = [] }
        return line.isEmpty ? nil : line
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        line += bytes.prefix(max(0, bytesMax - line.count))
    }
}
