package import NIOCore

/// The events of one subscriber as bytes to be sent: the retry time first, then events and heartbeats.
///
/// Bounded: an event that a subscriber has not taken is replaced by a newer one of its kind, so a slow client costs a
/// few bytes and learns the newest state. Ends when the hub closes, or the stream's time is over (the client then
/// connects again, RFC 9110 has nothing against it, and server-sent events demand it).
package struct EventStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = Never

    let subscription: EventSubscription

    /// Takes the pieces, one after the other; one reader only.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let subscription: EventSubscription

        package mutating func next() async -> ByteBuffer? { await subscription.next() }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> ByteBuffer? {
            await subscription.next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(subscription: subscription) }
}
