package import DeliveryTypes
import FoundationEssentials

/// What became of one file of an import.
package struct ImportResult: Hashable, Sendable, Codable {
    package enum Status: String, Hashable, Sendable, Codable {
        /// It is an original now.
        case stored
        /// Its bytes were an original already.
        case existed
        /// It is no picture, or an earlier run was through with it.
        case skipped
        case failed
    }

    package var path: String
    package var id: ContentDigest?
    package var status: Status
    /// Why it was skipped; for `existed`, what the record says otherwise than this import.
    package var reason: String?
    /// Why it failed.
    package var error: String?

    package init(
        path: String,
        id: ContentDigest? = nil,
        status: Status,
        reason: String? = nil,
        error: String? = nil
    ) {
        self.path = path
        self.id = id
        self.status = status
        self.reason = reason
        self.error = error
    }

    /// One line of NDJSON, without the line feed: members in alphabetical order, those without a value left out.
    package var line: String { jsonLine(self) }
}

/// `value` as JSON on one line.
func jsonLine(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
        // The types given here hold texts and whole numbers only, which always can be written.
        preconditionFailure("\(error)")
    }
}
