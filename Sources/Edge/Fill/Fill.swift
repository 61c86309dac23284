package import HTTPTypes
package import NIOCore
import Synchronization

/// The body of one answer while it arrives: written once, read by any number of viewers, each at its own pace.
///
/// A fill that is *kept* holds all its bytes until it ends, so that viewers may join at any time and the whole can be
/// stored. One that is *passing* (not for the cache, or larger than the cache takes) holds a window only: nobody may
/// join once bytes have gone, and the writer waits for the slowest reader. A fill ends complete or with a failure, and
/// readers that have not seen its end get the failure, never a shortened body.
///
/// A passing fill waits for viewers who are *expected*: who know of it but have not joined yet.
package final class Fill: Sendable {
    /// Names one viewer that reads.
    package struct Reader: Sendable {
        fileprivate let id: UInt64
        fileprivate var next = 0

        fileprivate init(id: UInt64) { self.id = id }
    }

    private struct State {
        /// The pieces that are still held; the first has the number `dropped`.
        var pieces: [ByteBuffer] = []
        var dropped = 0
        var isKept: Bool
        var heldBytes = 0
        var writtenBytes = 0
        var end: Result<Void, EdgeFailure>?
        var trailers: HTTPFields?
        var lastReader: UInt64 = 0
        /// The number of the next piece that each reader wants.
        var readers: [UInt64: Int] = [:]
        var waitingReaders: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var waitingWriter: CheckedContinuation<Void, Never>?
        /// Viewers who will join, or say that they will not.
        var expected: Int

        var isWanted: Bool { isKept || !readers.isEmpty || expected > 0 }
        var isFull: Bool { !isKept && heldBytes > Fill.windowBytes }
    }

    private enum Piece {
        case bytes(ByteBuffer)
        case end(Result<Void, EdgeFailure>)
        case none
    }

    /// Bytes that a passing fill holds before its writer waits.
    package static let windowBytes = 256 * 1_024

    private let state: Mutex<State>

    /// `expected`: viewers who will call `join(isExpected: true)` or `cease`.
    package init(isKept: Bool, expected: Int = 0) { state = Mutex(State(isKept: isKept, expected: expected)) }

    // MARK: Writing

    /// Adds bytes; waits while a passing fill's window is full and somebody reads.
    ///
    /// - Throws: `EdgeFailure.abandoned` when a passing fill has lost all its readers.
    package func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        guard bytes.readableBytes > 0 else { return }
        let woken = state.withLock { state in
            state.pieces.append(bytes)
            state.heldBytes += bytes.readableBytes
            state.writtenBytes += bytes.readableBytes
            let woken = Array(state.waitingReaders.values)
            state.waitingReaders.removeAll(keepingCapacity: true)
            return woken
        }
        for reader in woken { reader.resume() }
        while true {
            let mustWait = state.withLock { state in
                Self.dropRead(&state)
                return state.isFull && state.isWanted
            }
            guard mustWait else { break }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let goesOn = state.withLock { state in
                        guard !Task.isCancelled, state.isFull, state.isWanted else { return true }
                        state.waitingWriter = continuation
                        return false
                    }
                    if goesOn { continuation.resume() }
                }
            } onCancel: {
                wakeWriter()
            }
            if Task.isCancelled { throw .abandoned }
        }
        if state.withLock({ !$0.isWanted }) { throw .abandoned }
    }

    /// From now on only a window is held: the body turned out not to be for the cache.
    package func stopKeeping() {
        state.withLock { state in
            state.isKept = false
            Self.dropRead(&state)
        }
    }

    /// Ends the body; readers see the end after the last byte.
    ///
    /// Without effect after the first call.
    package func finish(_ end: Result<Void, EdgeFailure> = .success(())) {
        let woken = state.withLock { state in
            if state.end == nil { state.end = end }
            let woken = Array(state.waitingReaders.values)
            state.waitingReaders.removeAll()
            return woken
        }
        for reader in woken { reader.resume() }
    }

    /// The fields after the body; set before its end.
    package func endTrailers(_ trailers: HTTPFields?) { state.withLock { $0.trailers = trailers } }

    package var trailers: HTTPFields? { state.withLock { $0.trailers } }

    /// Everything written so far in one buffer; `nil` when it was not kept, or has failed.
    ///
    /// For the writer, who knows when that is the whole. `last` is a piece that is about to be written, and counts as
    /// written.
    package func keptBody(with last: ByteBuffer? = nil) -> ByteBuffer? {
        var (pieces, size) = state.withLock { state -> ([ByteBuffer]?, Int) in
            if case .failure = state.end { return (nil, 0) }
            guard state.isKept, state.dropped == 0 else { return (nil, 0) }
            return (state.pieces, state.writtenBytes)
        }
        if let last {
            pieces?.append(last)
            size += last.readableBytes
        }
        guard let pieces else { return nil }
        if pieces.count == 1, pieces[0].storageCapacity < size + size / 8 + 1_024 { return pieces[0] }
        var whole = ByteBufferAllocator().buffer(capacity: size)
        for piece in pieces { whole.writeImmutableBuffer(piece) }
        return whole
    }

    package var writtenBytes: Int { state.withLock { $0.writtenBytes } }

    // MARK: Reading

    /// A viewer joins; `nil` when bytes have already gone.
    ///
    /// Whoever gets a reader calls `leave` in the end.
    package func join(isExpected: Bool = false) -> Reader? {
        state.withLock { state in
            if isExpected { state.expected -= 1 }
            guard state.dropped == 0 else { return nil }
            state.lastReader += 1
            state.readers[state.lastReader] = 0
            return Reader(id: state.lastReader)
        }
    }

    package func leave(_ reader: Reader) {
        state.withLock { state in
            state.readers[reader.id] = nil
            if !state.isKept { Self.dropRead(&state) }
        }
        wakeWriter()
    }

    /// An expected viewer will not join.
    package func cease() {
        state.withLock { $0.expected -= 1 }
        wakeWriter()
    }

    /// The next piece for a reader; `nil` at the end.
    ///
    /// - Throws: what the fill failed with, or `.abandoned` when the reader's task is cancelled.
    package func next(_ reader: inout Reader) async throws(EdgeFailure) -> ByteBuffer? {
        while true {
            if Task.isCancelled { throw .abandoned }
            switch take(reader) {
            case .bytes(let bytes):
                reader.next += 1
                return bytes
            case .end(.success): return nil
            case .end(.failure(let failure)): throw failure
            case .none: await waitForMore(reader)
            }
        }
    }

    private func take(_ reader: Reader) -> Piece {
        let (piece, writer) = state.withLock { state -> (Piece, CheckedContinuation<Void, Never>?) in
            let index = reader.next - state.dropped
            guard index < state.pieces.count else { return (state.end.map { .end($0) } ?? .none, nil) }
            let bytes = state.pieces[index]
            state.readers[reader.id] = reader.next + 1
            guard !state.isKept else { return (.bytes(bytes), nil) }
            Self.dropRead(&state)
            defer { state.waitingWriter = nil }
            return (.bytes(bytes), state.waitingWriter)
        }
        writer?.resume()
        return piece
    }

    private func waitForMore(_ reader: Reader) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    let hasMore = reader.next - state.dropped < state.pieces.count || state.end != nil
                    guard !hasMore, !Task.isCancelled else { return true }
                    state.waitingReaders[reader.id] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { $0.waitingReaders.removeValue(forKey: reader.id) }
            waiting?.resume()
        }
    }

    private func wakeWriter() {
        let writer = state.withLock { state in
            defer { state.waitingWriter = nil }
            return state.waitingWriter
        }
        writer?.resume()
    }

    /// A passing fill lets go of what all its readers have had.
    private static func dropRead(_ state: inout State) {
        guard !state.isKept, state.expected == 0, let slowest = state.readers.values.min() else { return }
        let count = slowest - state.dropped
        guard count > 0 else { return }
        state.heldBytes -= state.pieces.prefix(count).reduce(0) { $0 + $1.readableBytes }
        state.pieces.removeFirst(count)
        state.dropped = slowest
    }
}
