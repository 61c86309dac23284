import HTTPTypes
import NIOCore
import Synchronization

/// Joins a handler's task with its connection on the event loop: two bounded queues behind one lock.
final class ExchangeLink: Sendable {
    private struct State {
        var inbound: InboundQueue
        var outbound: OutboundQueue
        var readers: [CheckedContinuation<Void, Never>] = []
        var writers: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer {
                readers.removeAll()
                writers.removeAll()
            }
            return readers + writers
        }
    }

    private let state: Mutex<State>
    private let eventLoop: any EventLoop
    private let connection: NIOLoopBound<ServerConnection>

    init(connection: NIOLoopBound<ServerConnection>, inbound: InboundQueue, outbound: OutboundQueue) {
        state = Mutex(State(inbound: inbound, outbound: outbound))
        eventLoop = connection.eventLoop
        self.connection = connection
    }

    // MARK: The handler's side

    var trailers: HTTPFields? { state.withLock { $0.inbound.trailers } }

    /// Sends a piece of the response; waits while too much is under way.
    func send(_ piece: ExchangePiece) async throws(ExchangeError) {
        let offer = try state.withLock { (state) throws(ExchangeError) in
            if case .informational(let response) = piece, response.status == .continue { state.inbound.sawContinue() }
            return try state.outbound.offer(piece)
        }
        if offer.schedules { schedule() }
        while offer.waits {
            let isDone = try state.withLock { (state) throws(ExchangeError) in
                if let failure = state.outbound.failure { throw failure }
                return state.outbound.hasRoom
            }
            if isDone { return }
            if Task.isCancelled { throw .cancelled }
            await wait { state, waiter in
                guard !state.outbound.hasRoom, state.outbound.failure == nil else { return false }
                state.writers.append(waiter)
                return true
            }
        }
    }

    /// The next piece of the request's body; `nil` at its end.
    func nextPiece() async throws(ExchangeError) -> ByteBuffer? {
        while true {
            let answer = try state.withLock { (state) throws(ExchangeError) in try state.inbound.next() }
            switch answer {
            case .piece(let bytes, let resumes):
                if resumes { eventLoop.execute { self.connection.value.resumeBody(of: self) } }
                return bytes
            case .end:
                return nil
            case .wait(let continues):
                if Task.isCancelled { throw .cancelled }
                if continues { sendContinue() }
                await wait { state, waiter in
                    guard state.inbound.isWaiting else { return false }
                    state.readers.append(waiter)
                    return true
                }
            }
        }
    }

    /// The handler has returned.
    func leave() {
        let offer = state.withLock { $0.outbound.leave() }
        if offer.schedules { schedule() }
    }

    private func sendContinue() {
        let schedules = state.withLock { state in
            guard !state.outbound.progress.hasBegun else { return false }
            do throws(ExchangeError) {
                return try state.outbound.offer(.informational(HTTPResponse(status: .continue))).schedules
            } catch {
                // The connection is gone: the reader learns it from its own queue.
                return false
            }
        }
        if schedules { schedule() }
    }

    private func schedule() {
        eventLoop.execute { self.connection.value.pump(self) }
    }

    /// Suspends until something has changed or the task is cancelled; `register` says whether there is a reason to.
    private func wait(
        _ register: @Sendable (inout State, CheckedContinuation<Void, Never>) -> Bool
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // A cancellation that comes after this look finds the waiter in its place.
                let waits = state.withLock { state in !Task.isCancelled && register(&state, waiter) }
                if !waits { waiter.resume() }
            }
        } onCancel: {
            wake { $0.takeWaiters() }
        }
    }

    private func wake(_ change: (inout State) -> [CheckedContinuation<Void, Never>]) {
        for waiter in state.withLock({ change(&$0) }) { waiter.resume() }
    }

    // MARK: The event loop's side

    /// What is to be written now.
    func take() -> [OutboundPiece] { state.withLock { $0.outbound.take() } }

    /// Whether the client still waits for `100 Continue`.
    var awaitsContinue: Bool { state.withLock { $0.inbound.awaitsContinue } }

    /// Whether the final response has begun, or its head waits to be written.
    var hasBegun: Bool { state.withLock { $0.outbound.progress.hasBegun } }

    /// The client has taken what was written.
    func makeRoom() {
        wake { state in
            state.outbound.makeRoom()
            return state.takeWaiters()
        }
    }

    /// Takes body bytes from the socket; `false` when it is not to be read until `resumeBody(of:)`.
    func push(_ bytes: ByteBuffer) -> Bool {
        let (goesOn, waiters) = state.withLock { state in (state.inbound.push(bytes), state.takeWaiters()) }
        for waiter in waiters { waiter.resume() }
        return goesOn
    }

    /// The request's body is complete.
    func endBody(_ trailers: HTTPFields?) {
        wake { state in
            state.inbound.end(trailers)
            return state.takeWaiters()
        }
    }

    /// The request's body will not be complete.
    func failBody(_ error: ExchangeError) {
        wake { state in
            state.inbound.fail(error)
            return state.takeWaiters()
        }
    }

    /// Nothing goes either way any more.
    func fail(_ error: ExchangeError) {
        wake { state in
            state.inbound.fail(error)
            state.outbound.fail(error)
            return state.takeWaiters()
        }
    }
}
