import Synchronization

/// What the project's program says while it runs: lines in on one thread, the reason of a failure out on another.
package final class ProjectOutput: Sendable {
    private struct State {
        var output = LineSplitter(bytesMax: ProjectLine.bytesMax)
        var errors = LineSplitter(bytesMax: ProjectLine.bytesMax)
        var failure: WarehouseError?
        /// The last lines on standard error and lines that are no progress, oldest first.
        var lastWords: [String] = []
    }

    private static let lastWordsMax = 12

    private let state = Mutex(State())
    private let python: String

    package init(python: String) { self.python = python }

    /// Takes what was written; the lines of progress in it, as they came and as they are understood.
    package func take(
        _ stream: ToolRunner.Stream,
        _ bytes: ArraySlice<UInt8>
    ) -> [(line: [UInt8], progress: UsageProgress)] {
        state.withLock { state in
            let lines = stream == .output ? state.output.append(bytes) : state.errors.append(bytes)
            return lines.compactMap { line in Self.note(line, &state).map { (line, $0) } }
        }
    }

    /// What the ending means; `nil` if all went well.
    package func failure(_ ending: ToolEnding) -> WarehouseError? {
        state.withLock { state in
            for line in [state.output.finish(), state.errors.finish()] {
                if let line { _ = Self.note(line, &state) }
            }
            guard !ending.isSuccess else { return nil }
            if let failure = state.failure { return failure }
            let words = state.lastWords
            if words.contains(where: { $0.contains("No module named") }) {
                return WarehouseError(
                    .missing,
                    "\(python) lacks a package: \(words.last ?? "")",
                    remedy: "leave --python out to have an environment made, or install the project's requirements.txt"
                )
            }
            return WarehouseError(
                .failed,
                "the counting \(ending)" + (words.isEmpty ? "" : "; its last words:\n" + words.joined(separator: "\n")),
                remedy: "run it again; if that does not help, this is a bug worth reporting"
            )
        }
    }

    private static func note(_ line: [UInt8], _ state: inout State) -> UsageProgress? {
        switch ProjectLine(line) {
        case .progress(let progress): return progress
        case .failure(let reason, let remedy):
            state.failure = WarehouseError(.failed, reason, remedy: remedy)
        case .other(let text):
            guard !text.allSatisfy(\.isWhitespace) else { return nil }
            state.lastWords.append(text)
            if state.lastWords.count > lastWordsMax { state.lastWords.removeFirst() }
        }
        return nil
    }
}
