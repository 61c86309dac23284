/// What a connection was too slow at.
package enum TimeoutKind: Int, CaseIterable, Sendable {
    /// A request head (slowloris).
    case head
    /// Nothing came on an open connection; this is no fault.
    case idle
    /// A request body.
    case body
    /// Taking a response.
    case write
    /// The client had closed its side and there was no response in time.
    case halfClose
    /// The client's end after ours.
    case linger
}
