import Synchronization

/// pip's output on its way: bytes in on one thread, the reason of a failure out on another.
final class PipReading: Sendable {
    private struct State {
        var output = PipOutput()
        var lines = LineSplitter(bytesMax: 4 << 10)
        var errorLines = LineSplitter(bytesMax: 4 << 10)
    }

    private let state = Mutex(State())

    /// What to show of the next bytes.
    func take(_ stream: ToolRunner.Stream, _ bytes: ArraySlice<UInt8>) -> [String] {
        state.withLock { state in
            var shown: [String] = []
            let lines = stream == .output ? state.lines.append(bytes) : state.errorLines.append(bytes)
            for line in lines {
                if let text = state.output.take(String(decoding: line, as: UTF8.self)) { shown.append(text) }
            }
            return shown
        }
    }

    func failure(again: String) -> WarehouseError { state.withLock { $0.output.failure(again: again) } }
}
