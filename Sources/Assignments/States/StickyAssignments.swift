/// The variations that a user was given and stays with: the first one counts.
package struct StickyAssignments: Sendable {
    /// One experiment (`KEY__BUCKETVERSION`) and the variation's key.
    package struct Assignment: Sendable {
        package var experiment: String
        package var variation: String
    }

    /// Oldest first, each experiment once.
    package private(set) var all: [Assignment] = []

    package init() {}

    /// The variation of an experiment; `nil` if there is none.
    package func variation(of experiment: String) -> String? { fatalError() }

    /// Adds an assignment unless the experiment has one; whether it was added.
    @discardableResult
    package mutating func add(_ experiment: String, _ variation: String) -> Bool { fatalError() }
}
