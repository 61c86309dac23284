/// Why a request can't be sent as it was given.
package enum RequestFlaw: String, Hashable, Sendable {
    /// CONNECT, or no token.
    case method
    /// Not in origin form (`/…`, or `*` for OPTIONS), or with a space or control character.
    case target
    case authority
    /// CR, LF or NUL in a field value.
    case field
}
