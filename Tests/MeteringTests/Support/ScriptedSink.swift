import Metering
import NIOCore
import Synchronization

/// Keeps lines in memory, or fails as it is told.
final class ScriptedSink: EventSink {
    private struct State {
        var text = ""
        var count = 0
        var failure: MeteringError?
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// Ends after as many calls as there are elements; yields at the beginning of each call.
    let calls: AsyncStream<Void>
    private let called: AsyncStream<Void>.Continuation

    init(failing failure: MeteringError? = nil, held isHeld: Bool = false) {
        (calls, called) = AsyncStream.makeStream()
        state.withLock {
            $0.failure = failure
            $0.isHeld = isHeld
        }
    }

    var text: String { state.withLock { $0.text } }
    var count: Int { state.withLock { $0.count } }

    /// Lets those who wait, and all that follow, go on.
    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for waiter in held { waiter.resume() }
    }

    func append(_ lines: ByteBuffer, count: Int) async throws(MeteringError) {
        called.yield()
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return state.isHeld
            }
            if !waits { continuation.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { state in
            state.text += String(buffer: lines)
            state.count += count
        }
    }
}
