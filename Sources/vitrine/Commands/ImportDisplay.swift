import Originals

/// What an import shows: JSON lines on standard output, or failures and a progress bar on standard error.
struct ImportDisplay {
    let isJSON: Bool
    private let start = ContinuousClock().now
    private let hasBar = Terminal.hasProgress

    init(isJSON: Bool) { self.isJSON = isJSON }

    func show(_ result: ImportResult?, _ progress: ImportProgress) {
        if let result {
            if isJSON {
                Terminal.say(result.line)
            } else if result.status == .failed {
                if hasBar { Terminal.draw("\r\u{1B}[K") }
                Terminal.complain("\(result.path): \(result.error ?? "failed")")
            }
        }
        guard hasBar else { return }
        let line = ProgressLine(progress: progress, elapsed: start.duration(to: ContinuousClock().now))
        Terminal.draw("\r\u{1B}[K" + line.text(width: Terminal.columns - 1))
    }

    /// Leaves the bar's line.
    func finish() {
        if hasBar { Terminal.draw("\r\u{1B}[K") }
    }
}
