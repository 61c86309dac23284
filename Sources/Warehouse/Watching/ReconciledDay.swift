import FoundationEssentials
import HTTPSemantics
import JSON

/// A day on which deliveries of the access log were compared with those that were counted.
package struct ReconciledDay: Equatable, Sendable {
    /// `YYYY-MM-DD`.
    package var day: String
    package var log: Int
    package var counted: Int
    package var difference: Int
    /// When, as it was written.
    package var at: String?

    static let fileBytesMax = 1 << 20
    private static let daysMax = 400

    /// Reads `[{"day","log","counted","difference","at"}]`; `nil` for anything else.
    static func list(_ text: [UInt8]) -> [ReconciledDay]? {
        // Whatever is wrong with it, nothing was compared.
        guard let value = try? JSONParser(limits: JSONLimits(bytesMax: fileBytesMax)).value(from: text),
            let rows = value.array
        else { return nil }
        var days: [ReconciledDay] = []
        for row in rows.suffix(daysMax) {
            func count(_ name: ExactString) -> Int? { row[name]?.double.flatMap { Int(exactly: $0) } }
            guard let day = row["day"]?.string?.text, CalendarDay(day) != nil, let log = count("log"),
                let counted = count("counted")
            else { return nil }
            let at = row["at"]?.string?.text ?? row["at"]?.double.flatMap { Int(exactly: $0) }.map(String.init)
            days.append(
                ReconciledDay(
                    day: day,
                    log: log,
                    counted: counted,
                    difference: count("difference") ?? log - counted,
                    at: at
                )
            )
        }
        return days
    }

    package init(day: String, log: Int, counted: Int, difference: Int, at: String?) {
        self.day = day
        self.log = log
        self.counted = counted
        self.difference = difference
        self.at = at
    }

    /// Writes these days into the file, in the place of what it has of them; the last 400 days stay.
    ///
    /// - Throws: `disk` or `failed`; then the file is as it was.
    package static func keep(_ days: [ReconciledDay], in path: String) async throws(WarehouseError) {
        try await Blocking.run { () throws(WarehouseError) in
            var kept = BoundedFile.read(path, bytesMax: fileBytesMax).flatMap { list($0) } ?? []
            kept.removeAll { old in days.contains { $0.day == old.day } }
            kept = (kept + days).sorted { $0.day < $1.day }.suffix(daysMax)
            let text = "[" + kept.map(\.json).joined(separator: ",") + "]"
            do {
                try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
            } catch {
                throw WarehouseError(.disk, "\(path) cannot be written: \(error)")
            }
        }
    }

    /// One JSON object.
    package var json: String {
        let at = at.map { ",\"at\":" + JSONText.quoted($0) } ?? ""
        return "{\"day\":\"\(day)\",\"log\":\(log),\"counted\":\(counted),\"difference\":\(difference)\(at)}"
    }
}
