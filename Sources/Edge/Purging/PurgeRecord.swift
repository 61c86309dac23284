package import Caching
import FoundationEssentials

/// One line of the purge log: who purged what, when; `docs/formats/purge-log.md`.
package struct PurgeRecord: Hashable, Sendable, Codable {
    /// Microseconds since 1970 on the node that took it, made unique; grows from line to line.
    package var sequence: UInt64
    /// `url`, `prefix`, `tag` or `everything`.
    package var scope: String
    /// The URL, prefix or tag; empty for everything.
    package var value: String
    /// `soft` or `hard`.
    package var mode: String
    /// Who asked, as the request said or its address.
    package var author: String
    /// The node that was asked.
    package var node: String

    /// `nil` for a scope or mode of no known kind.
    package var rule: (scope: PurgeScope, mode: PurgeMode)? {
        guard let mode = PurgeMode(rawValue: mode) else { return nil }
        switch scope {
        case "url": return (.url(value), mode)
        case "prefix": return (.prefix(value), mode)
        case "tag": return (.tag(value), mode)
        case "everything": return (.everything, mode)
        default: return nil
        }
    }

    package init(sequence: UInt64, scope: PurgeScope, mode: PurgeMode, author: String, node: String) {
        self.sequence = sequence
        switch scope {
        case .url(let text): (self.scope, value) = ("url", text)
        case .prefix(let text): (self.scope, value) = ("prefix", text)
        case .tag(let text): (self.scope, value) = ("tag", text)
        case .everything: (self.scope, value) = ("everything", "")
        }
        self.mode = mode.rawValue
        self.author = author
        self.node = node
    }
}
