/// Why a request can't be sent as it was given.
package enum RequestFlaw: String, Hashable, Sendable {
    /// CONNECT.
    case method
    /// Not in origin form (`/…`, or `*` for OPTIONS), or with a space or control character.
    case target
    /// Empty, or with a space, control character or byte beyond ASCII.
    case authority
}
