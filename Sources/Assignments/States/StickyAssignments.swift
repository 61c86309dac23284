package import JSON

/// The variations that a user was given and stays with: of two for one experiment, the first counts.
package struct StickyAssignments: Equatable, Sendable {
    /// Assignments of one user; with more, the oldest go.
    package static let countMax = 1_000
    /// Bytes of an experiment's or a variation's key in UTF-8; longer ones are not kept.
    package static let keyBytesMax = 256

    /// The variation's key, a string, by `EXPERIMENT__BUCKETVERSION`; oldest first.
    package private(set) var object = JSONObject()

    package init() {}

    /// Those of a document's assignments that are texts of a length that is kept; the others are left out.
    package init(_ object: JSONObject) {
        for member in object.members {
            if let variation = member.value.string { add(variation, to: member.key) }
        }
    }

    package var count: Int { object.count }
    package var isEmpty: Bool { object.isEmpty }

    /// The variation's key; `nil` if the experiment has none.
    package func variation(of experiment: ExactString) -> ExactString? { object[experiment]?.string }

    /// Adds an assignment unless the experiment has one; whether it was added.
    @discardableResult
    package mutating func add(_ variation: ExactString, to experiment: ExactString) -> Bool {
        guard Self.isShort(experiment), Self.isShort(variation), object.position(of: experiment) == nil else {
            return false
        }
        if object.count >= Self.countMax, let oldest = object.members.first { object[oldest.key] = nil }
        object[experiment] = .string(variation)
        return true
    }

    /// Adds those of experiments that have none here; whether there were any.
    @discardableResult
    package mutating func merge(_ younger: StickyAssignments) -> Bool {
        var isChanged = false
        for member in younger.object.members {
            if let variation = member.value.string, add(variation, to: member.key) { isChanged = true }
        }
        return isChanged
    }

    private static func isShort(_ text: ExactString) -> Bool {
        (text.wellFormed?.utf8.count).map { $0 <= keyBytesMax } ?? false
    }
}
