import FoundationEssentials

/// How far each node's segments are in the tables, without a gap: a run looks at what follows.
///
/// Segments that were fetched and are not in the tables yet are beyond the mark, so that one whose file got lost in
/// between is fetched again.
struct FetchMarks: Codable, Equatable, Sendable {
    struct Mark: Codable, Equatable, Sendable {
        var number: Int
        /// Of the segment of that number: shows when the store has gone back in time.
        var sha256: String
    }

    /// By node.
    var nodes: [String: Mark] = [:]

    /// These marks, moved on past segments that are in the tables; `segments` are in a row for each node.
    func past(_ segments: [(segment: StoredSegment, isLanded: Bool)]) -> FetchMarks {
        var marks = self
        var held: Set<String> = []
        for (segment, isLanded) in segments {
            if !isLanded { held.insert(segment.node) }
            if held.contains(segment.node) { continue }
            marks.nodes[segment.node] = Mark(number: segment.number, sha256: segment.digest)
        }
        return marks
    }

    /// What the file says; nothing without a readable one: then everything is looked at.
    static func load(_ path: String) -> FetchMarks {
        guard let data = FileManager.default.contents(atPath: path) else { return FetchMarks() }
        // A damaged file costs one look at everything.
        return (try? JSONDecoder().decode(FetchMarks.self, from: data)) ?? FetchMarks()
    }

    func save(_ path: String) throws(WarehouseError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw WarehouseError(
                .disk,
                "\(path) cannot be written: \(error)",
                remedy: "make room, or choose another folder with --data"
            )
        }
    }
}
