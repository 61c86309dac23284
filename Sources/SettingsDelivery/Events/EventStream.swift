package import NIOCore

/// The events of one subscriber as bytes to be sent: the retry time first, then events and heartbeats.
///
/// Bounded: an event that a subscriber has not taken is replaced by a newer one, so a slow client costs a few bytes and
/// learns the newest state. Ends when the hub closes or the stream's time is over; the client then connects again. The
/// subscription ends with the last copy of the stream and its iterators, or with the task that reads it.
package struct EventStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = Never

    /// Ends the subscription when nobody holds it any more.
    final class Lease: Sendable {
        let subscription: EventSubscription
        private let onEnd: @Sendable (EventSubscription) -> Void

        init(_ subscription: EventSubscription, onEnd: @escaping @Sendable (EventSubscription) -> Void) {
            self.subscription = subscription
            self.onEnd = onEnd
        }

        deinit { onEnd(subscription) }
    }

    let lease: Lease

    /// Takes the pieces, one after the other; one reader only.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let lease: Lease

        package mutating func next() async -> ByteBuffer? { await lease.subscription.next() }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> ByteBuffer? {
            await lease.subscription.next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(lease: lease) }
}
