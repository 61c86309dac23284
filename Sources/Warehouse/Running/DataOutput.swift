import Synchronization

/// What a command that prints data writes: passed on as it comes, but for a last line that is a failure.
package final class DataOutput: Sendable {
    private struct State {
        /// The beginning of a line that is not decided on.
        var held: [UInt8] = []
        var isAtLineStart = true
    }

    private static let sign = Array("{\"error\"".utf8)

    private let state = Mutex(State())
    private let report: ProjectOutput

    package init(python: String) { report = ProjectOutput(python: python) }

    /// Takes what was written; the bytes to pass on.
    package func take(_ stream: ToolRunner.Stream, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard stream == .output else {
            _ = report.take(.errors, bytes)
            return []
        }
        return state.withLock { state in
            var passed: [UInt8] = []
            var rest = bytes
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
                pass(rest[..<end], &state, &passed)
                rest = rest[end...]
            }
            return passed
        }
    }

    /// What the ending means, and what is left to pass on.
    package func finish(_ ending: ToolEnding) -> (bytes: [UInt8], failure: WarehouseError?) {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        if case .failure = ProjectLine(held) {
            _ = report.take(.output, held[...])
            return ([], report.failure(ending))
        }
        return (held, report.failure(ending))
    }

    /// `part` is a part of one line, with its line feed if it is the last.
    private func pass(_ part: ArraySlice<UInt8>, _ state: inout State, _ passed: inout [UInt8]) {
        let endsLine = part.last == UInt8(ascii: "\n")
        if !state.held.isEmpty || state.isAtLineStart {
            state.held += part
            let isUndecided = state.held.count < Self.sign.count && Self.sign.starts(with: state.held)
            if isUndecided { return }
            // Longer than any failure is data after all.
            if state.held.starts(with: Self.sign), state.held.count < ProjectLine.bytesMax {
                guard endsLine else { return }
                if case .failure = ProjectLine(state.held.dropLast()) {
                    _ = report.take(.output, state.held[...])
                    state.held = []
                    state.isAtLineStart = true
                    return
                }
            }
            passed += state.held
            state.held = []
        } else {
            passed += part
        }
        state.isAtLineStart = endsLine
    }
}
