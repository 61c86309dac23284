import DeliveryTypes
import FoundationEssentials
import HTTPSemantics
package import Originals

/// The JSON form of an original in answers and command output.
package enum OriginalText {
    /// An answer to an upload: of another's private record no more than what the bytes themselves say.
    package static func json(_ outcome: IngestOutcome) -> String {
        var shown = outcome.original
        if outcome.existed, outcome.differences.contains(.owner) {
            shown.owner = nil
            shown.filename = nil
        }
        let differences = outcome.differences.map(\.rawValue).sorted().map(JSONText.quoted).joined(separator: ",")
        return json(shown).dropLast() + ",\"existed\":\(outcome.existed),\"differences\":[\(differences)]}"
    }

    package static func json(_ original: Original) -> String {
        let facts = original.facts
        let members = [
            "\"id\":\"\(original.id.hex)\"",
            "\"width\":\(facts.orientedSize.width)",
            "\"height\":\(facts.orientedSize.height)",
            "\"format\":\"\(facts.format.rawValue)\"",
            "\"bytes\":\(facts.bytes)",
            "\"orientation\":\(facts.orientation)",
            "\"frames\":\(facts.frames)",
            "\"visibility\":\"\(original.visibility.rawValue)\"",
            "\"owner\":" + (original.owner.map(JSONText.quoted) ?? "null"),
            "\"filename\":" + (original.filename.map(JSONText.quoted) ?? "null"),
            "\"created\":" + JSONText.quoted(original.created.formatted(.iso8601)),
        ]
        return "{" + members.joined(separator: ",") + "}"
    }
}
