import NIOCore

/// What a connection has to do for one exchange.
struct ExchangeJob: Sendable {
    let request: RequestEncoder.Encoded
    let body: UpstreamRequestBody?
    let isToHead: Bool
    let timeouts: UpstreamTimeouts
    /// When `timeouts.whole` is over.
    let deadline: NIODeadline?
}
