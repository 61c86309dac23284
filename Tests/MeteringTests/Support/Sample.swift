import Metering
import NIOCore

/// Events to begin with.
enum Sample {
    /// 2026-11-21 09:30:01 UTC, in microseconds.
    static let received: Int64 = 1_795_253_401_000_000

    /// A use with every column but the trace; members may be replaced by texts of JSON, or left out with `nil`.
    static func use(
        _ changes: [String: String?] = [:],
        data dataChanges: [String: String?] = [:]
    ) -> String {
        var attributes: [(String, String)] = [
            ("specversion", #""1.0""#), ("id", #""e-1""#), ("source", #""/apps/editor""#),
            ("type", #""com.vitrine.usage.v1""#), ("time", #""2026-11-21T09:30:00.125Z""#),
        ]
        var data: [(String, String)] = [
            ("content_id", #""c-1""#), ("content_type", #""photo""#), ("creator_id", #""m-1""#),
            ("user_id", #""u-1""#), ("action", #""export""#),
        ]
        apply(dataChanges, to: &data)
        attributes.append(("data", object(data)))
        apply(changes, to: &attributes)
        return object(attributes)
    }

    private static func apply(_ changes: [String: String?], to members: inout [(String, String)]) {
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            let place = members.firstIndex { $0.0 == name }
            if let place, let value {
                members[place].1 = value
            } else if let place {
                members.remove(at: place)
            } else if let value {
                members.append((name, value))
            }
        }
    }

    static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    static func decode(
        _ body: String,
        as form: EventForm = .structured,
        limits: EventLimits = EventLimits(),
        keepsAll: Bool = false
    ) throws -> EventBatch {
        try EventDecoder(limits: limits).decode(Array(body.utf8), as: form, received: received, keepsAll: keepsAll)
    }

    /// The columns of the only event of a body.
    static func columns(_ body: String) throws -> [String?] {
        let batch = try decode(body)
        guard batch.accepted == 1 else { throw Refused(fault: batch.verdicts.first?.fault) }
        return CSV.rows(String(buffer: batch.lines))[0]
    }

    /// Why the only event of a body is refused; `nil` if it is not.
    static func fault(_ body: String) throws -> EventFault? { try decode(body).verdicts.first?.fault }

    struct Refused: Error {
        let fault: EventFault?
    }
}
