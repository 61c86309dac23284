import FoundationEssentials
import HTTPSemantics
import JSON

/// An entry of the history of runs, as the page shows it; what the project did not say is `nil`.
package struct RunEntry: Equatable, Sendable {
    package enum Status: String, Sendable {
        case running
        case succeeded
        case failed
        /// It began and did not end; the next one went on.
        case interrupted
    }

    package let number: Int
    package var status: Status
    /// `run`, `full run` or `close YYYY-MM`.
    package let what: String
    package let engine: String
    /// Milliseconds since 1970.
    package let started: Int64?
    package let seconds: Double?
    /// Lines that were landed, and lines of the days that were built.
    package let landed: Int?
    package let rows: Int?
    package let days: Int?
    package let tests: Int?
    /// The number of its export; `nil` if nothing changed.
    package let export: Int?
    /// The marts' hash.
    package let marts: String?
    /// What became of all lines so far, by name, in the order in which it was written.
    package let counts: [(name: String, value: Int)]
    package let error: String?
    package let remedy: String?

    private static let bytesMax = 1 << 20
    private static let countsMax = 32

    /// `nil` for what no run has written.
    package init?(number: Int, text: [UInt8]) {
        // Whatever is wrong with it, it is no entry.
        guard let value = try? JSONParser(limits: JSONLimits(bytesMax: Self.bytesMax)).value(from: text),
            let status = value["status"]?.string.flatMap({ Status(rawValue: $0.text) })
        else { return nil }
        func word(_ name: ExactString) -> String? { value[name]?.string.map { ProjectLine.clean($0.text) } }
        func count(_ name: ExactString) -> Int? { value[name]?.double.flatMap { Int(exactly: $0) } }
        self.number = number
        self.status = status
        what = word("what") ?? "run"
        engine = word("engine") ?? ""
        started = word("started").flatMap(Self.milliseconds)
        seconds = value["seconds"]?.double.flatMap { (0..<1e12).contains($0) ? $0 : nil }
        landed = count("landed")
        rows = count("rows")
        days = count("days")
        tests = count("tests")
        export = count("export")
        marts = word("marts")
        error = word("error")
        remedy = word("remedy")
        var counts: [(name: String, value: Int)] = []
        if case .object(let object) = value["counts"] {
            for member in object.members.prefix(Self.countsMax) {
                guard let number = member.value.double.flatMap({ Int(exactly: $0) }) else { continue }
                counts.append((ProjectLine.clean(member.key.text), number))
            }
        }
        self.counts = counts
    }

    package static func == (left: RunEntry, right: RunEntry) -> Bool { left.json == right.json }

    /// What became of all lines so far, by its name in the project.
    package func count(_ name: String) -> Int? { counts.first { $0.name == name }?.value }

    /// Lines a second that were landed or built, whichever were more; `nil` if there were none.
    package var rowsPerSecond: Double? {
        guard let seconds, seconds > 0 else { return nil }
        let most = max(landed ?? 0, rows ?? 0)
        return most > 0 ? (Double(most) / seconds).rounded() : nil
    }

    /// One JSON object; what is `nil` is left out.
    package var json: String {
        var members = ["\"run\":\(number)", "\"status\":\"\(status.rawValue)\"", "\"what\":" + JSONText.quoted(what)]
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value { members.append("\"\(name)\":\(value)") }
        }
        func add(_ name: String, text: String?) { add(name, text.map(JSONText.quoted)) }
        add("engine", text: engine.isEmpty ? nil : engine)
        add("started", started)
        add("seconds", seconds)
        add("landed", landed)
        add("rows", rows)
        add("rowsPerSecond", rowsPerSecond)
        add("days", days)
        add("tests", tests)
        add("export", export)
        add("marts", text: marts)
        if !counts.isEmpty {
            let each = counts.map { JSONText.quoted($0.name) + ":\($0.value)" }
            members.append("\"counts\":{" + each.joined(separator: ",") + "}")
        }
        add("error", text: error)
        add("remedy", text: remedy)
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A moment such as `2026-11-21T20:00:00Z`.
    private static func milliseconds(_ text: String) -> Int64? {
        // Another spelling is no moment.
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }
}
