/// Turns a DNS name into addresses; a seam, so that tests can play a name server that changes its mind.
package protocol HostResolver: Sendable {
    /// All addresses of `host`, in no particular order; empty if it has none.
    ///
    /// - Throws: `SourceError.unreachable` if the name cannot be resolved, `.cancelled`, or `.overloaded`.
    func addresses(of host: String) async throws(SourceError) -> [IPAddress]
}
