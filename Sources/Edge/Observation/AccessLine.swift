import HTTPSemantics
import NIOCore
import Telemetry

/// What one line of the access log says.
struct AccessLine {
    static let targetBytesMax = 1_024

    let nowMilliseconds: Int64
    let address: String
    let status: Int
    /// Of the body.
    let bytes: Int
    var method = "-"
    var target = "-"
    var host = "-"
    var isVersion11 = true
    var outcome = Outcome.passed
    var microseconds = 0
    var cacheStatus = ""
    /// 32 hexadecimal digits, or empty.
    var traceID = ""
    var referer = "-"
    var agent = "-"

    init(nowMilliseconds: Int64, address: String, status: Int, bytes: Int) {
        self.nowMilliseconds = nowMilliseconds
        self.address = address
        self.status = status
        self.bytes = bytes
    }

    func write(as format: AccessLogFormat, to buffer: inout ByteBuffer) {
        switch format {
        case .json: writeJSON(to: &buffer)
        case .combined: writeCombined(to: &buffer)
        }
    }

    /// Like a line of the log (docs/formats/log-line.md), so that one reader does for both.
    private func writeJSON(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"ts\":\"")
        buffer.writeBytes(RFC3339Timestamp(nanosecondsSince1970: nowMilliseconds * 1_000_000).bytes)
        buffer.writeStaticString("\",\"level\":\"info\",\"logger\":\"vitrine.http\",\"msg\":\"request\"")
        if !traceID.isEmpty { buffer.writeString(",\"trace_id\":\"\(traceID)\"") }
        buffer.writeString(",\"metadata\":{\"bytes\":\"\(bytes)\"")
        if !cacheStatus.isEmpty { buffer.writeString(",\"cache_status\":" + JSONText.quoted(cacheStatus)) }
        buffer.writeString(",\"client\":" + JSONText.quoted(address))
        buffer.writeString(",\"duration_ms\":\"\(Double(microseconds) / 1_000)\",\"host\":" + JSONText.quoted(host))
        buffer.writeString(",\"method\":" + JSONText.quoted(method) + ",\"outcome\":\"\(outcome.rawValue)\"")
        buffer.writeString(",\"path\":" + JSONText.quoted(redactedTarget) + ",\"status\":\"\(status)\"}}\n")
    }

    private func writeCombined(to buffer: inout ByteBuffer) {
        let version = isVersion11 ? "HTTP/1.1" : "HTTP/1.0"
        let request = Self.escaped(method) + " " + Self.escaped(redactedTarget) + " " + version
        let date = CombinedLogDate.text(milliseconds: nowMilliseconds)
        buffer.writeString("\(address) - - [\(date)] \"\(request)\" \(status) \(bytes) ")
        buffer.writeString("\"\(Self.escaped(referer))\" \"\(Self.escaped(agent))\"\n")
    }

    /// The target without what gives access: a picture URL's first segment is its signature, a query may hold a token.
    private var redactedTarget: String { Self.redacted(target) }

    static func redacted(_ target: String) -> String {
        // By bytes: a combining character behind a delimiter must not hide it.
        let bytes = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        let path = String(Substring(bytes))
        let query = bytes.count < target.utf8.count ? "?…" : ""
        let segments = bytes.split(separator: UInt8(ascii: "/"), maxSplits: 2).map { String(Substring($0)) }
        guard segments.count == 3, segments[0] == "img" || segments[0] == "info", segments[1] != "unsafe"
        else { return path + query }
        return "/\(segments[0])/…/\(segments[2])" + query
    }

    /// As Apache does: quotes, backslashes and control characters cannot end a field.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}":
                result += "\\x" + String(scalar.value + 0x100, radix: 16).dropFirst()
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
