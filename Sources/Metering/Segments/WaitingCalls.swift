import NIOCore

/// The calls of `append` that are not written yet, oldest first.
struct WaitingCalls {
    typealias Outcome = Result<Void, MeteringError>

    struct Call: Sendable {
        var lines: ByteBuffer
        var count: Int
        var waiter: CheckedContinuation<Outcome, Never>
    }

    private var calls: [Call] = []
    /// Of the first that was not taken yet.
    private var first = 0
    /// Of all lines that wait.
    private(set) var bytes = 0

    var isEmpty: Bool { first == calls.count }

    mutating func add(_ call: Call) {
        calls.append(call)
        bytes += call.lines.readableBytes
    }

    /// Takes as many calls as have `bytesMax` together, at least one.
    mutating func takeGroup(bytesMax: Int) -> ArraySlice<Call> {
        var end = first
        var taken = 0
        while end < calls.count, end == first || taken + calls[end].lines.readableBytes <= bytesMax {
            taken += calls[end].lines.readableBytes
            end += 1
        }
        let group = calls[first..<end]
        bytes -= taken
        first = end
        if first == calls.count {
            calls = []
            first = 0
        } else if first >= 4_096 {
            calls.removeFirst(first)
            first = 0
        }
        return group
    }
}
