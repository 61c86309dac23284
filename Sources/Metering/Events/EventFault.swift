/// Why one event is refused, while others of the same body are kept.
package struct EventFault: Equatable, Sendable {
    /// The kind, for programs and for metrics: a small, fixed set.
    package enum Code: String, CaseIterable, Sendable {
        /// Not a JSON object: broken syntax, bytes that are not UTF-8, a surrogate without its other half.
        case json
        /// A member's name is there twice.
        case duplicate = "duplicate-member"
        /// More bytes, or deeper nesting, than an event may have.
        case tooLarge = "too-large"
        /// Not version 1.0 of CloudEvents.
        case specversion
        /// A required attribute or member is not there.
        case missing
        /// A value has another type, or is no attribute's value.
        case value
        /// A text is empty, too long, or has a control character.
        case text
        /// A number beyond what every reader can hold.
        case number
        /// A type of event that is not counted here.
        case type
        /// Not an RFC 3339 time, or one before the year 2000 or too far in the future.
        case time
        /// `data` in another form than JSON.
        case data
        /// An attribute's name breaks the rules of CloudEvents.
        case name
    }

    package let code: Code
    /// What is wrong, for people; names the attribute or member.
    package let reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}
