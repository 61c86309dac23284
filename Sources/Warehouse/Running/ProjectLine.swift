import JSON

/// A line that the project writes on its standard output (docs/operations/usage.md).
package enum ProjectLine: Equatable, Sendable {
    case progress(UsageProgress)
    case failure(reason: String, remedy: String?)
    /// Anything else, without control characters.
    case other(String)

    /// A line is read up to so many bytes.
    package static let bytesMax = 64 << 10
    private static let stageMax = 32
    private static let textMax = 4 << 10
    private static let parser = JSONParser(limits: JSONLimits(bytesMax: bytesMax, depthMax: 16, valuesMax: 4096))

    /// `line` has no line feed.
    package init(_ line: [UInt8]) {
        // What is no JSON object is some library's own text.
        guard line.first == UInt8(ascii: "{"), let value = try? Self.parser.value(from: line) else {
            self = .other(Self.clean(String(decoding: line, as: UTF8.self)))
            return
        }
        if let reason = value["error"]?.string?.text {
            let remedy = value["remedy"]?.string?.text
            self = .failure(
                reason: Self.clean(reason),
                remedy: remedy.map(Self.clean).flatMap { $0.isEmpty ? nil : $0 }
            )
            return
        }
        guard let stage = value["stage"]?.string?.text, !stage.isEmpty, stage.utf8.count <= Self.stageMax else {
            self = .other(Self.clean(String(decoding: line, as: UTF8.self)))
            return
        }
        func count(_ name: ExactString) -> Int? {
            value[name]?.double.flatMap { Int(exactly: $0.rounded()) }.flatMap { $0 >= 0 ? $0 : nil }
        }
        let seconds = value["seconds"]?.double
        self = .progress(
            UsageProgress(
                Self.clean(stage),
                done: count("done"),
                of: count("of"),
                rows: count("rows"),
                seconds: seconds.flatMap { (0..<1e12).contains($0) ? $0 : nil },
                detail: value["detail"]?.string.map { Self.clean($0.text) }
            )
        )
    }

    /// Without control characters, which a terminal would obey; line feeds stay.
    static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(textMax) {
            switch scalar.value {
            case 0x0A: clean.append(scalar)
            case 0x09: clean.append(" ")
            case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: continue
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }
}
