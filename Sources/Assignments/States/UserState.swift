package import JSON

/// What is kept of one user in one app.
package struct UserState: Equatable, Sendable {
    /// Attributes that are remembered of one user; more are not.
    package static let rememberedMax = 64
    /// Bytes of a remembered attribute's name or of its value as JSON; longer ones are not remembered.
    package static let rememberedBytesMax = 1_024

    /// Sticky assignments.
    package private(set) var assignments = StickyAssignments()
    /// Attributes of former requests, as they were seen last.
    package private(set) var remembered = JSONObject()
    /// When the state was changed last: milliseconds since 1970.
    package private(set) var updatedMilliseconds: Int64 = 0

    package init() {}

    /// A user's first state.
    package init(_ change: UserStateChange) {
        merge(change)
    }

    init(assignments: StickyAssignments, remembered: JSONObject, updatedMilliseconds: Int64) {
        self.assignments = assignments
        self.updatedMilliseconds = updatedMilliseconds
        _ = remember(remembered)
    }

    /// The assignments as SDKs keep them: `attributeName`, `attributeValue` and `assignments`.
    package func stickyDocument(attribute: ExactString, value: ExactString) -> JSONObject {
        var document = JSONObject()
        document["attributeName"] = .string(attribute)
        document["attributeValue"] = .string(value)
        document["assignments"] = .object(assignments.object)
        return document
    }

    /// A request's attributes, and behind them the remembered ones that it does not have.
    package func completing(_ attributes: JSONObject) -> JSONObject {
        var all = attributes
        for member in remembered.members where all.position(of: member.key) == nil { all[member.key] = member.value }
        return all
    }

    /// Adds what a request has found; whether that changed anything.
    @discardableResult
    package mutating func merge(_ change: UserStateChange) -> Bool {
        let hasAssigned = assignments.merge(change.assignments)
        let hasRemembered = remember(change.remembered)
        guard hasAssigned || hasRemembered else { return false }
        updatedMilliseconds = max(updatedMilliseconds, change.timeMilliseconds)
        return true
    }

    /// What the state costs in memory, about: bytes.
    var footprint: Int {
        let members = assignments.object.members + remembered.members
        return members.reduce(256) { $0 + 96 + $1.key.length + ($1.value.string?.length ?? 16) }
    }

    /// Whether an attribute is short enough to be remembered.
    static func isShort(_ attribute: JSONMember) -> Bool {
        guard let name = attribute.key.wellFormed, name.utf8.count <= rememberedBytesMax else { return false }
        if let text = attribute.value.string, text.length > rememberedBytesMax { return false }
        return attribute.value.authoredText.utf8.count <= rememberedBytesMax
    }

    private mutating func remember(_ attributes: JSONObject) -> Bool {
        var isChanged = false
        for member in attributes.members where remembered[member.key] != member.value {
            let isKnown = remembered.position(of: member.key) != nil
            guard isKnown || remembered.count < Self.rememberedMax, Self.isShort(member) else { continue }
            remembered[member.key] = member.value
            isChanged = true
        }
        return isChanged
    }
}
