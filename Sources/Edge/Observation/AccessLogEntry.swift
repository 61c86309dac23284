import JSON

/// What whoever counts needs of a line of the access log, in either of its formats.
struct AccessLogEntry: Equatable {
    /// `2026-11-21`, in UTC.
    var day: String
    var method: String
    /// As the line has it: redacted.
    var path: String
    var status: Int
    /// Of the body.
    var bytes: Int

    /// How a line was read.
    enum Reading: Equatable {
        case entry(AccessLogEntry)
        /// A line of something else, such as another logger's.
        case foreign
        /// It begins like a line of the access log, and is none.
        case unreadable
    }

    /// Reads a line without its line feed.
    static func read(_ line: ArraySlice<UInt8>) -> Reading {
        if line.isEmpty { return .foreign }
        return line.first == UInt8(ascii: "{") ? readJSON(line) : readCombined(line)
    }

    private static func readJSON(_ line: ArraySlice<UInt8>) -> Reading {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser().value(from: line.span)
        } catch {
            return .unreadable
        }
        guard value["logger"]?.string == "vitrine.http", value["msg"]?.string == "request" else { return .foreign }
        guard let time = value["ts"]?.string?.text, time.utf8.count > 10, time.hasSuffix("Z"),
            let metadata = value["metadata"], let method = metadata["method"]?.string?.text,
            let path = metadata["path"]?.string?.text, let status = number(metadata["status"]),
            let bytes = number(metadata["bytes"])
        else { return .unreadable }
        return .entry(
            AccessLogEntry(day: String(time.prefix(10)), method: method, path: path, status: status, bytes: bytes)
        )
    }

    /// Digits, as a text or a number.
    private static func number(_ value: JSONValue?) -> Int? {
        if let text = value?.string?.text { return Int(text) }
        return value?.double.flatMap { Int(exactly: $0) }
    }

    /// `ADDRESS IDENT USER [DATE] "REQUEST" STATUS BYTES …`.
    private static func readCombined(_ line: ArraySlice<UInt8>) -> Reading {
        guard let open = line.firstIndex(of: UInt8(ascii: "[")),
            let close = line[open...].firstIndex(of: UInt8(ascii: "]")),
            let quote = line[close...].firstIndex(of: UInt8(ascii: "\"")),
            line[..<open].count(where: { $0 == UInt8(ascii: " ") }) >= 3
        else { return .foreign }
        let date = String(decoding: line[(open + 1)..<close], as: UTF8.self)
        guard let day = LogDay(commonLogDate: date), let end = endOfQuoted(line[(quote + 1)...]) else {
            return .unreadable
        }
        let request = line[(quote + 1)..<end].split(separator: UInt8(ascii: " "))
        let rest = line[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard request.count == 3, rest.count >= 2, let status = Int(String(decoding: rest[0], as: UTF8.self)) else {
            return .unreadable
        }
        let sent = String(decoding: rest[1], as: UTF8.self)
        guard let bytes = sent == "-" ? 0 : Int(sent) else { return .unreadable }
        return .entry(
            AccessLogEntry(
                day: day.text,
                method: String(decoding: request[0], as: UTF8.self),
                path: String(decoding: request[1], as: UTF8.self),
                status: status,
                bytes: bytes
            )
        )
    }

    /// The quotation mark without a backslash before it.
    private static func endOfQuoted(_ bytes: ArraySlice<UInt8>) -> Int? {
        var isEscaped = false
        for index in bytes.indices {
            if isEscaped {
                isEscaped = false
            } else if bytes[index] == UInt8(ascii: "\\") {
                isEscaped = true
            } else if bytes[index] == UInt8(ascii: "\"") {
                return index
            }
        }
        return nil
    }
}
