/// What connections tell their pool; called on their event loops.
protocol ConnectionHost: AnyObject, Sendable {
    /// The exchange is over, the connection can serve another one.
    func connectionReleased(_ id: ConnectionTable.ConnectionID)
    /// The connection is gone.
    func connectionClosed(_ id: ConnectionTable.ConnectionID)
    /// The idle time is over.
    ///
    /// - Returns: Whether the connection is to be closed; `false` when it has just been taken for an exchange.
    func connectionExpired(_ id: ConnectionTable.ConnectionID) -> Bool
    /// An exchange failed after its head had been delivered.
    func exchangeFailed(_ error: UpstreamError)
    func transferred(sent: Int, received: Int)
}
