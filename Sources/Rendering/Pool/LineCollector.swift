/// Cuts what a worker writes to its standard error into lines, as few and as short as the pool is willing to log.
struct LineCollector: Sendable {
    /// Characters past this many bytes in a line are dropped.
    static let lineBytesMax = 512
    /// Lines past this many of one worker are dropped.
    static let linesMax = 100

    private var line: [UInt8] = []
    private(set) var count = 0

    /// Takes the next bytes and returns the lines that they end, without control characters.
    mutating func append(_ bytes: ArraySlice<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if let text = finish() { lines.append(text) }
            } else if line.count < Self.lineBytesMax, byte >= 0x20, byte != 0x7F {
                line.append(byte)
            }
        }
        return lines
    }

    /// What remains without a line end, at the end of the stream.
    mutating func finish() -> String? {
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty, count < Self.linesMax else { return nil }
        count += 1
        return String(decoding: line, as: UTF8.self)
    }
}
