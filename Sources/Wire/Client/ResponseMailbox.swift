import HTTPTypes
import NIOCore
import Synchronization

/// Hands the events of one response from its connection's event loop to the one task that reads them.
final class ResponseMailbox: Sendable {
    typealias Event = ResponseQueue.Event

    /// What the reader may ask of the connection; may be called on any thread.
    struct Control: Sendable {
        /// The unread bytes have become few.
        let resume: @Sendable () -> Void
        /// Nobody reads any more.
        let abandon: @Sendable () -> Void
    }

    private struct State {
        var queue: ResponseQueue
        var reader: CheckedContinuation<Event, Never>?
        var control: Control?
        var trailers: HTTPFields?
        var isAbandoned = false
    }

    private let state: Mutex<State>

    init(unreadBytesMax: Int) {
        state = Mutex(State(queue: ResponseQueue(unreadBytesMax: unreadBytesMax)))
    }

    // MARK: The connection's side

    /// Connects the reader with its connection.
    ///
    /// - Returns: Whether somebody still reads.
    func connect(_ control: Control) -> Bool {
        state.withLock { state in
            if !state.isAbandoned { state.control = control }
            return !state.isAbandoned
        }
    }

    /// - Returns: Whether the source should wait until `Control.resume`.
    func offer(_ event: Event) -> Bool {
        let (reader, next, pauses) = state.withLock { state in
            let pauses = state.queue.offer(event)
            if state.queue.last != nil { state.control = nil }
            guard let reader = state.reader else { return (nil as CheckedContinuation<Event, Never>?, event, pauses) }
            let (next, resumes) = state.queue.take()
            state.reader = nil
            return (reader, next ?? event, pauses && !resumes)
        }
        reader?.resume(returning: next)
        return pauses
    }

    /// The message is complete.
    func finish(trailers: HTTPFields?) {
        state.withLock { $0.trailers = trailers }
        _ = offer(.end)
    }

    // MARK: The reader's side

    /// The trailer fields, once the end has been taken.
    var trailers: HTTPFields? {
        state.withLock { state in
            guard case .end? = state.queue.last, state.queue.isEmpty else { return nil }
            return state.trailers
        }
    }

    /// The next event; `failure(.cancelled)` when the task is cancelled.
    ///
    /// One task at a time may wait.
    func next() async -> Event {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (event, resume) = state.withLock { state in
                    precondition(state.reader == nil, "two tasks read one response")
                    let (event, resumes) = state.queue.take()
                    if event == nil { state.reader = continuation }
                    return (event, resumes ? state.control?.resume : nil)
                }
                resume?()
                if let event { continuation.resume(returning: event) }
            }
        } onCancel: {
            abandon()
        }
    }

    /// Nobody wants the rest.
    ///
    /// After the last event has arrived, only what is unread is dropped.
    func abandon() {
        let (reader, control) = state.withLock { state in
            let reader = state.reader
            let control = state.control
            state.reader = nil
            state.control = nil
            state.isAbandoned = true
            if state.queue.last == nil || !state.queue.isEmpty { state.queue.drop(.cancelled) }
            return (reader, control)
        }
        reader?.resume(returning: .failure(.cancelled))
        control?.abandon()
    }
}
