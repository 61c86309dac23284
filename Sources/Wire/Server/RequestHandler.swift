/// Answers the requests that no shortcut took.
package protocol RequestHandler: Sendable {
    /// Answers one request; returns when it is done with the exchange.
    ///
    /// Runs in a task of its own, which is cancelled when the client goes away; the server waits for it at shutdown. If
    /// it returns without a response the client gets a 500; with an unfinished response, a closed connection.
    func handle(_ exchange: Exchange) async
}
