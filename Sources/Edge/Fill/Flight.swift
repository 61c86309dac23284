import Caching
import HTTPSemantics
import HTTPTypes
import Synchronization

/// One fetch under way, and what is known of its answer.
///
/// Belongs to the service, not to a viewer: a viewer that leaves does not end it, as long as somebody else, or the
/// cache, wants the answer.
final class Flight: Sendable {
    /// What a fetch came to, known once the head of the answer is.
    enum Answer: Sendable {
        /// A stored response is the answer.
        case stored(CachedResponse, Verdict)
        case streamed(Streamed)
    }

    /// Why a stored response is the answer.
    enum Verdict: String, Sendable {
        /// The origin said that it is still good, or sent it anew.
        case validated
        /// The origin failed, and it may be served stale.
        case staleOnError
    }

    /// An answer whose body is arriving.
    struct Streamed: Sendable {
        /// End-to-end fields only.
        var head: HTTPResponse
        var policy: ResponsePolicy
        /// Where it will be stored, or would be.
        var place: ResponseStore.Place
        var rule: VaryRule
        var fill: Fill
        /// Whether it may be given to everybody who waits for the resource.
        var isShared: Bool
        var isStored: Bool
        var maker: CachedResponse.Maker
        /// Bytes of the body, where the origin said so before.
        var length: Int?
    }

    private struct State {
        var answer: Result<Answer, EdgeFailure>?
        /// Viewers who hold this flight and have not taken its body yet.
        var attached: Int
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
    }

    let number: Int
    /// Since a fixed moment.
    let started: Duration
    /// What a purge knows the flight by: one that comes while it is under way keeps others from joining.
    let subject: PurgeSubject
    private let state: Mutex<State>

    /// `attached`: 1 for a flight that a viewer starts and will `detach` from, 0 for one in the background.
    init(number: Int, started: Duration, subject: PurgeSubject, attached: Int) {
        self.number = number
        self.started = started
        self.subject = subject
        state = Mutex(State(attached: attached))
    }

    /// Whether the head is known, and good.
    var isAnswered: Bool {
        if case .success = state.withLock({ $0.answer }) { true } else { false }
    }

    /// Whether one more request may share it: no answer yet, or one for all.
    var isJoinable: Bool {
        switch state.withLock({ $0.answer }) {
        case nil, .success(.stored): true
        case .success(.streamed(let streamed)): streamed.isShared
        case .failure: false
        }
    }

    /// Whether an answer whose head is known may also answer a request that comes only now: as a stored one might.
    func mayAnswer(_ request: RequestPolicy, at nowMilliseconds: Int64) -> Bool {
        let policy: ResponsePolicy
        switch state.withLock({ $0.answer }) {
        case .success(.stored(let response, _)): policy = response.policy
        case .success(.streamed(let streamed)): policy = streamed.policy
        case nil, .failure: return false
        }
        let decision = policy.decision(for: request, at: nowMilliseconds)
        return decision == .serve || decision == .serveAndRevalidate
    }

    /// Requests that wait for the head themselves.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// An attached viewer goes without taking the body.
    func detach() {
        let fill = state.withLock { state -> Fill? in
            if case .success(.streamed(let streamed)) = state.answer { return streamed.fill }
            state.attached -= 1
            return nil
        }
        fill?.cease()
    }

    /// Makes a body that waits for the attached viewers, and the answer known with it.
    func stream(isKept: Bool, _ make: (Fill) -> Streamed) -> Fill {
        let (fill, waiters) = state.withLock { state in
            let fill = Fill(isKept: isKept, expected: state.attached)
            state.answer = .success(.streamed(make(fill)))
            defer { state.waiters = [:] }
            return (fill, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume() }
        return fill
    }

    /// Makes the outcome known; the first one counts.
    func resolve(_ answer: Result<Answer, EdgeFailure>) {
        let waiters = state.withLock { state in
            if state.answer == nil { state.answer = answer }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until the head is known.
    ///
    /// - Throws: what the fetch failed with, or `.abandoned` when the caller's task is cancelled.
    func answer() async throws(EdgeFailure) -> Answer {
        while true {
            if let answer = state.withLock({ $0.answer }) { return try answer.get() }
            if Task.isCancelled { throw .abandoned }
            let id = state.withLock { state in
                state.lastWaiter += 1
                return state.lastWaiter
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let goesOn = state.withLock { state in
                        guard state.answer == nil, !Task.isCancelled else { return true }
                        state.waiters[id] = continuation
                        return false
                    }
                    if goesOn { continuation.resume() }
                }
            } onCancel: {
                let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
                waiter?.resume()
            }
        }
    }
}
