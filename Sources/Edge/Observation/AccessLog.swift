import NIOCore
package import NIOPosix
import Synchronization
import Wire

/// The access log: one line for each request, written by a thread of its own so that no event loop waits for a disk.
///
/// Lines of one moment are written together. When the reader of the log cannot keep up, lines are dropped and counted
/// rather than kept without end.
package final class AccessLog: Sendable {
    private struct State {
        var pending = ByteBuffer()
        var isWriting = false
        var dropped = 0
    }

    package static let pendingBytesMax = 8 * 1_024 * 1_024

    private let state = Mutex(State())
    let format: AccessLogFormat
    private let threads: NIOThreadPool
    private let emit: @Sendable ([UInt8]) -> Void

    /// `threads` are started, and one is enough; `emit` writes whole lines and is called by one thread at a time.
    package init(format: AccessLogFormat, threads: NIOThreadPool, emit: @escaping @Sendable ([UInt8]) -> Void) {
        self.format = format
        self.threads = threads
        self.emit = emit
    }

    /// Lines that were not written.
    package var droppedLines: Int { state.withLock { $0.dropped } }

    /// Adds one line.
    func append(_ write: (inout ByteBuffer) -> Void) {
        let begins = state.withLock { state in
            guard state.pending.readableBytes < Self.pendingBytesMax else {
                state.dropped += 1
                return false
            }
            write(&state.pending)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { threads.submit { _ in self.drain() } }
    }

    /// Writes until nothing waits.
    private func drain() {
        while true {
            let bytes = state.withLock { state -> [UInt8] in
                guard state.pending.readableBytes > 0 else {
                    state.isWriting = false
                    return []
                }
                let bytes = Array(state.pending.readableBytesView)
                state.pending.clear()
                return bytes
            }
            if bytes.isEmpty { return }
            emit(bytes)
        }
    }
}
