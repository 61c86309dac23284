import JSON

/// An attribute that rules hash, resolved once per request.
struct HashSlot: Sendable {
    /// As authored; the text `id` when not said.
    let name: JSONValue
    let key: ExactString
    /// The parts of a dotted name; empty for a plain one.
    let path: [ExactString]
    /// The name is no text: the reference throws when no attribute has it literally.
    let isMalformed: Bool
}
