package import HTTPTypes

/// A request field that selects among the answers of one URL.
package struct SelectingField: Hashable, Sendable {
    package let name: HTTPField.Name
    /// The name in lower case, for comparing with received bytes.
    let lowercased: [UInt8]

    package init(_ name: HTTPField.Name) {
        self.name = name
        lowercased = Array(name.canonicalName.utf8)
    }
}
