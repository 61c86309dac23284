package import JSON

/// The stored assignments of one user, known by one attribute (the reference's document).
package struct StickyDocument: Equatable, Sendable {
    package let attributeName: ExactString
    /// As text: a value that is no string in JSON.
    package let attributeValue: ExactString
    /// `experiment__bucketVersion` → key of the variation.
    package var assignments: JSONObject

    package init(attributeName: ExactString, attributeValue: ExactString, assignments: JSONObject) {
        self.attributeName = attributeName
        self.attributeValue = attributeValue
        self.assignments = assignments
    }

    /// The name it is stored under: `attribute||value`.
    package var key: ExactString { Self.key(attributeName, attributeValue) }

    package static func key(_ name: ExactString, _ value: ExactString) -> ExactString {
        if let name = name.wellFormed, let value = value.wellFormed { return ExactString("\(name)||\(value)") }
        return ExactString(units: name.units + [0x7C, 0x7C] + value.units)
    }

    /// Reads the reference's form; `nil` when a part is missing or empty.
    package init?(json: JSONValue) {
        guard let name = json["attributeName"]?.string, !name.isEmpty,
            let value = json["attributeValue"]?.string, !value.isEmpty,
            let assignments = json["assignments"]?.object
        else { return nil }
        self.init(attributeName: name, attributeValue: value, assignments: assignments)
    }

    package var json: JSONValue {
        [
            "attributeName": .string(attributeName), "attributeValue": .string(attributeValue),
            "assignments": .object(assignments),
        ]
    }
}
