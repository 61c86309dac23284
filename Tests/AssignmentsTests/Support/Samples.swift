import Assignments
import JSON

extension UserStateChange {
    /// Assignments in order, at time 1.
    init(_ assignments: KeyValuePairs<ExactString, ExactString>, remembered: JSONValue = [:]) {
        var sticky = StickyAssignments()
        for (experiment, variation) in assignments { sticky.add(variation, to: experiment) }
        self.init(assignments: sticky, remembered: remembered.object ?? JSONObject(), timeMilliseconds: 1)
    }
}

extension UserKey {
    /// The user of an id in the app `shop`.
    static func id(_ value: ExactString) -> UserKey {
        guard let key = UserKey(app: "shop", attribute: "id", value: value) else { preconditionFailure("a good key") }
        return key
    }
}

extension UsageEvent {
    /// An event that differs from others by its number.
    static func sample(_ number: Int, padding: Int = 0) throws(AssignmentsError) -> UsageEvent {
        try UsageEvent(
            id: "event-\(number)",
            source: "/apps/shop",
            type: "vitrine.sample",
            timeMilliseconds: 1_763_000_000_000 + Int64(number),
            tenant: "shop",
            node: "edge-a",
            data: #"{"number":\#(number),"padding":"\#(String(repeating: "x", count: padding))"}"#
        )
    }
}

/// Gives way to other tasks until something holds.
func until(_ condition: () async throws -> Bool) async rethrows {
    while try await !condition() { await Task.yield() }
}
