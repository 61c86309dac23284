/// An import's progress as one line of text: `[#####-----]  50%  120/240 files  3.1 MB/s  0:12 left`.
package struct ProgressLine: Hashable, Sendable {
    package var progress: ImportProgress
    /// Since the import began.
    package var elapsed: Duration

    package init(progress: ImportProgress, elapsed: Duration) {
        self.progress = progress
        self.elapsed = elapsed
    }

    /// The line, at most `width` columns: the bar takes what is left, and the last parts go first if little is.
    package func text(width: Int) -> String {
        var parts = [percent, "\(progress.filesDone)/\(progress.filesTotal) files"]
        if progress.failed > 0 { parts.append("\(progress.failed) failed") }
        if let rate { parts.append("\(Self.bytes(rate))/s") }
        if let left { parts.append("\(Self.time(left)) left") }
        var facts = parts.joined(separator: "  ")
        while facts.count > width, parts.count > 1 {
            parts.removeLast()
            facts = parts.joined(separator: "  ")
        }
        let cells = min(width - facts.count - 4, 40)
        guard cells >= 5 else { return String(facts.prefix(max(width, 0))) }
        let filled = Int((fraction * Double(cells)).rounded(.down))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled) + "]  "
            + facts
    }

    /// Of the bytes, or of the files if there are no bytes; in 0...1.
    private var fraction: Double {
        if progress.filesDone >= progress.filesTotal { return 1 }
        let (done, total) =
            progress.bytesTotal > 0
            ? (progress.bytesDone, progress.bytesTotal) : (progress.filesDone, progress.filesTotal)
        return min(Double(done) / Double(max(total, 1)), 1)
    }

    private var percent: String {
        let number = String(Int((fraction * 100).rounded(.down)))
        return String(repeating: " ", count: 3 - number.count) + number + "%"
    }

    private var seconds: Double { elapsed / .seconds(1) }

    /// Bytes per second; `nil` in the first half second, when it says nothing.
    private var rate: Double? { seconds >= 0.5 ? Double(progress.bytesDone) / seconds : nil }

    /// Seconds.
    private var left: Int? {
        guard let rate, rate > 0, progress.filesDone < progress.filesTotal else { return nil }
        return Int((Double(max(progress.bytesTotal - progress.bytesDone, 0)) / rate).rounded(.up))
    }

    private static func bytes(_ count: Double) -> String {
        var value = count
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1000 || unit == "GB" {
                let tenths = Int((value * 10).rounded())
                return value < 10 && unit != "B"
                    ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value.rounded())) \(unit)"
            }
            value /= 1000
        }
        return ""
    }

    private static func time(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
    }
}
