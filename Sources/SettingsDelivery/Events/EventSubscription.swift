import NIOCore
import Synchronization

/// One subscriber's place in the hub: a bounded queue, and the task that waits for it.
final class EventSubscription: Sendable {
    private struct State {
        var queue: EventQueue
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// Milliseconds since 1970.
    let begunMilliseconds: Int64
    private let state: Mutex<State>

    init(_ queue: EventQueue, begunMilliseconds: Int64) {
        state = Mutex(State(queue: queue))
        self.begunMilliseconds = begunMilliseconds
    }

    /// Events that gave way to newer ones.
    var replaced: Int { state.withLock { $0.queue.replaced } }

    /// Changes the queue and wakes the reader.
    func change(_ body: (inout EventQueue) -> Void) {
        let waiter = state.withLock { state in
            body(&state.queue)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// The next bytes to send; `nil` at the end, and when the reader's task is cancelled.
    func next() async -> ByteBuffer? {
        while true {
            let (bytes, isClosed) = state.withLock { state in (state.queue.take(), state.queue.isClosed) }
            if let bytes { return bytes }
            if isClosed || Task.isCancelled { return nil }
            await wait()
        }
    }

    /// Waits until the queue has changed, or the task is cancelled.
    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // A cancellation that comes after this look finds the waiter in its place; so does a change. A change
                // that came before left something in the queue, which a fresh look finds.
                let (waits, former) = state.withLock { state in
                    guard !Task.isCancelled, !state.queue.hasSomething else { return (false, nil as Waiter?) }
                    defer { state.waiter = waiter }
                    return (true, state.waiter)
                }
                former?.resume()
                if !waits { waiter.resume() }
            }
        } onCancel: {
            change { _ in }
        }
    }

    private typealias Waiter = CheckedContinuation<Void, Never>
}
