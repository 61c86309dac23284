package import NIOCore

/// One event of a `text/event-stream` (WHATWG HTML §9.2.5 and §9.2.6).
package struct ServerSentEvent: Hashable, Sendable {
    /// What a client sends back as `Last-Event-ID`; without line breaks and NUL.
    package var id: String
    /// The event's type; `message` is what a client without listeners of its own sees.
    package var name: String
    /// One element for each `data:` line; the client joins them with line feeds.
    package var data: [[UInt8]]

    package init(id: String, name: String, data: [[UInt8]]) {
        precondition(!id.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 }, "an event's id has no line breaks")
        self.id = id
        self.name = name
        self.data = data
    }

    /// A comment, which every client passes over: it keeps proxies from closing an idle stream.
    package static let heartbeat = ByteBuffer(string: ":\n\n")

    /// Tells a client how long it waits before it connects again.
    package static func retry(milliseconds: Int) -> ByteBuffer { ByteBuffer(string: "retry: \(milliseconds)\n\n") }

    /// The event as it is sent, with the empty line that ends it.
    ///
    /// There is always a `data:` line: browsers drop events without one.
    package var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(data.reduce(32 + id.utf8.count + name.utf8.count) { $0 + $1.count + 7 })
        buffer.writeString("id: \(id)\nevent: \(name)\n")
        for line in data.isEmpty ? [[]] : data {
            buffer.writeStaticString(line.isEmpty ? "data:" : "data: ")
            buffer.writeBytes(line)
            buffer.writeInteger(UInt8(ascii: "\n"))
        }
        buffer.writeInteger(UInt8(ascii: "\n"))
        return buffer
    }

    /// Breaks JSON text into lines between its values, since some clients cannot read long lines.
    ///
    /// A line feed between two values means nothing to JSON, and so nothing to the client that joins the lines with
    /// it. Line feeds that are there already break lines as well.
    ///
    /// - Parameters:
    ///   - json: Valid JSON text.
    ///   - wanted: After how many bytes of a line the next comma ends it.
    ///   - limit: The longest line a client reads.
    /// - Returns: `nil` when a single value makes a line longer than `limit`.
    package static func lines(of json: [UInt8], wanted: Int, limit: Int) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var start = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: ",") where index - start >= wanted:
                lines.append(Array(json[start...index]))
                start = index + 1
            case 10, 13:
                if index > start { lines.append(Array(json[start..<index])) }
                start = index + 1
            default: break
            }
        }
        if start < json.count { lines.append(Array(json[start...])) }
        return lines.contains { $0.count > limit } ? nil : lines
    }
}
