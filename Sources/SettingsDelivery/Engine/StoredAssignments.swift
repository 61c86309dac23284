package import JSON

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
}
