/// One response as a client received it.
struct RigAnswer: Hashable, Sendable {
    var status: Int
    var statusLine: String
    /// In their order, names in lower case.
    var fields: [Field]
    var body: [UInt8]
    /// Whether the end came as the framing says.
    var isComplete: Bool

    struct Field: Hashable, Sendable {
        var name: String
        var value: String
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(_ name: String) -> String? {
        let values = fields.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The first response in some bytes and how many it takes; `nil` while more must come.
    static func parse(_ bytes: [UInt8], isToHead: Bool, isEnded: Bool) -> (RigAnswer, Int)? {
        let empty = Array("\r\n\r\n".utf8)
        guard
            let end = bytes.indices.first(where: { $0 + 4 <= bytes.count && Array(bytes[$0..<$0 + 4]) == empty })
        else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        let fields = lines.dropFirst().map { line -> Field in
            let name = line.prefix { $0 != ":" }
            let value = line.dropFirst(name.count + 1).drop { $0 == " " }
            return Field(name: name.lowercased(), value: String(value))
        }
        var answer = RigAnswer(
            status: Int(lines[0].dropFirst(9).prefix(3)) ?? 0,
            statusLine: lines[0],
            fields: fields,
            body: [],
            isComplete: true
        )
        let start = end + 4
        if isToHead || answer.status < 200 || answer.status == 204 || answer.status == 304 { return (answer, start) }
        if answer["transfer-encoding"] == "chunked" { return chunked(answer, bytes, start, isEnded) }
        if let length = answer["content-length"].flatMap({ Int($0) }) {
            guard bytes.count >= start + length || isEnded else { return nil }
            answer.body = Array(bytes[start..<min(bytes.count, start + length)])
            answer.isComplete = answer.body.count == length
            return (answer, start + answer.body.count)
        }
        guard isEnded else { return nil }
        answer.body = Array(bytes[start...])
        return (answer, bytes.count)
    }

    private static func chunked(_ head: RigAnswer, _ bytes: [UInt8], _ start: Int, _ isEnded: Bool) -> (RigAnswer, Int)?
    {
        var answer = head
        var position = start
        func unfinished() -> (RigAnswer, Int)? {
            guard isEnded else { return nil }
            answer.isComplete = false
            return (answer, bytes.count)
        }
        while true {
            guard let feed = bytes[position...].firstIndex(of: 10) else { return unfinished() }
            let line = String(decoding: bytes[position..<feed - 1], as: UTF8.self)
            let size = Int(line, radix: 16) ?? 0
            guard bytes.count >= feed + 1 + size + 2 else { return unfinished() }
            answer.body += bytes[feed + 1..<feed + 1 + size]
            position = feed + 1 + size + 2
            if size == 0 { return (answer, position) }
        }
    }
}
