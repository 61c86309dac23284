/// Why a response is not stored (RFC 9111 section 3).
///
/// The raw value is for logs and metric labels.
package enum StoringRefusal: String, CaseIterable, Hashable, Sendable {
    /// Not a GET.
    case method
    case requestNoStore = "request-no-store"
    case responseNoStore = "no-store"
    /// `private`, unqualified.
    case isPrivate = "private"
    /// The request was authorised and the response doesn't allow sharing (section 3.5).
    case authorization
    /// `Vary: *`.
    case varyAny = "vary-any"
    /// Neither final nor storable: 1xx, 304, 412, 416 and whatever is not an HTTP status.
    case status
    /// `must-understand` with a status this cache doesn't know (section 5.2.2.3).
    case notUnderstood = "not-understood"
    /// A 206 that wasn't asked for, or is neither one range of known length nor told its own length.
    case partial
    /// Neither fresh for any time nor able to be validated.
    case useless
}
