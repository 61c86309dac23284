package import JSON
import Settings

/// The stored assignments of one user, known by one attribute.
package struct StoredAssignments: Equatable, Sendable {
    package let attribute: ExactString
    package let value: ExactString
    /// `experiment__bucketVersion` → the variation's key.
    package var assignments: JSONObject

    package init(attribute: ExactString, value: ExactString, assignments: JSONObject) {
        self.attribute = attribute
        self.value = value
        self.assignments = assignments
    }

    init(_ document: StickyDocument) {
        self.init(
            attribute: document.attributeName,
            value: document.attributeValue,
            assignments: document.assignments
        )
    }
}
