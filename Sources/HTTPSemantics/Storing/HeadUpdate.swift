/// What a HEAD's response does to the stored response to a GET (RFC 9111 section 4.3.5).
package enum HeadUpdate: Hashable, Sendable {
    /// Nothing: it says nothing about the stored response.
    case none
    /// Its fields replace the stored ones.
    case update(StoredResponse)
    /// The representation has changed: the stored response is stale.
    case invalidate
}
