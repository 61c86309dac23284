/// Who a piece of work is done for: the unit of fairness, quotas and accounting.
package struct TenantID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// Not empty; never part of a file path.
    package let name: String

    /// - Precondition: `name` is not empty.
    package init(_ name: String) {
        precondition(!name.isEmpty, "a tenant has a name")
        self.name = name
    }

    /// The one tenant of a server that knows no others.
    package static let shared = TenantID("shared")

    package var description: String { name }

    package static func < (left: TenantID, right: TenantID) -> Bool { left.name < right.name }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard !text.isEmpty else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a tenant has a name")
            )
        }
        name = text
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
