import Assignments
import JSON

/// What is kept of the user of a request: found before evaluating, added to afterwards.
struct KnownUser: Sendable {
    /// A user's state by one attribute.
    private struct Unit: Sendable {
        let attribute: ExactString
        let value: ExactString
        let key: UserKey
    }

    private(set) var knowledge = UserKnowledge()
    private var units: [Unit] = []

    /// Asks the states, within their deadline, where the app keeps any and the request names its user.
    init(_ request: SettingsRequest, of app: ServedApp, in states: UserStates?) async {
        guard let states else { return }
        let sticky = app.engine.stickyAttributes
        let remembered = app.engine.rememberedAttributes
        guard !sticky.isEmpty || !remembered.isEmpty else { return }
        for attribute in sticky.isEmpty ? ["id"] : sticky {
            guard let value = request.attributes[attribute].flatMap({ JSCoercion.string($0) }), !value.isEmpty,
                let key = UserKey(app: app.name, attribute: attribute, value: value)
            else { continue }
            units.append(Unit(attribute: attribute, value: value, key: key))
        }
        knowledge.assignments = sticky.isEmpty ? nil : []
        guard !units.isEmpty else { return }
        let lookup = await states.states(of: units.map(\.key))
        knowledge.isIncomplete = !lookup.isComplete
        for (unit, state) in zip(units, lookup.states) {
            guard let state else { continue }
            if !sticky.isEmpty, !state.assignments.isEmpty {
                let stored = state.assignments.object
                knowledge.assignments?.append(
                    StoredAssignments(attribute: unit.attribute, value: unit.value, assignments: stored)
                )
            }
            for member in state.remembered.members where remembered.contains(member.key) {
                if knowledge.remembered[member.key] == nil { knowledge.remembered[member.key] = member.value }
            }
        }
    }

    /// The request with what is remembered of former sessions; what it brings itself wins.
    func completing(_ request: SettingsRequest) -> SettingsRequest {
        guard !knowledge.remembered.isEmpty else { return request }
        var request = request
        for member in knowledge.remembered.members where request.attributes[member.key] == nil {
            request.attributes[member.key] = member.value
        }
        return request
    }

    /// Records new assignments, and the attributes that are to be remembered if they are news.
    func record(
        _ new: [StoredAssignments],
        of request: SettingsRequest,
        _ app: ServedApp,
        in states: UserStates?,
        now: Int64
    ) {
        guard let states, !units.isEmpty else { return }
        var remembered = JSONObject()
        for name in app.engine.rememberedAttributes {
            guard let value = request.attributes[name], value != knowledge.remembered[name] else { continue }
            remembered[name] = value
        }
        for (index, unit) in units.enumerated() {
            var assignments = StickyAssignments()
            for stored in new where stored.attribute == unit.attribute && stored.value == unit.value {
                for member in stored.assignments.members {
                    if let variation = member.value.string { assignments.add(variation, to: member.key) }
                }
            }
            // Attributes are remembered by the first attribute that names the user.
            let attributes = index == 0 ? remembered : JSONObject()
            guard !assignments.isEmpty || !attributes.isEmpty else { continue }
            states.record(
                UserStateChange(assignments: assignments, remembered: attributes, timeMilliseconds: now),
                for: unit.key
            )
        }
    }
}
