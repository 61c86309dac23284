import FoundationEssentials

/// What Linux says about a process, under the names that Prometheus clients agreed on.
package struct ProcessFigures: Sendable {
    /// User and system time used so far.
    package let cpuSeconds: Double
    /// Memory in use (resident), in bytes.
    package let residentBytes: Int
    /// Address space, in bytes.
    package let virtualBytes: Int
    /// Open file descriptors.
    package let openDescriptors: Int
    /// When the process began, in seconds since 1970.
    package let startSeconds: Double

    /// Clock ticks per second in `/proc`; every Linux ABI has 100.
    private static let ticksPerSecond = 100.0

    /// The figures of a process, from `/proc/{process}`; `nil` where there is no such process, or no `/proc`.
    package init?(process: String = "self") {
        let root = "/proc/\(process)"
        // Why the folder cannot be listed (gone, not ours, no Linux) makes no difference: there are no figures.
        guard let stat = Self.text(root + "/stat"), let status = Self.text(root + "/status"),
            let machine = Self.text("/proc/stat"),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: root + "/fd")
        else { return nil }
        // Listing one's own descriptors opens one more.
        let open = descriptors.count - (process == "self" ? 1 : 0)
        self.init(stat: stat, status: status, machine: machine, openDescriptors: open)
    }

    /// Reads the files' texts.
    init?(stat: String, status: String, machine: String, openDescriptors: Int) {
        // The second field is the command in parentheses and may hold anything, so fields count from the last ")".
        guard let close = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        guard fields.count > 20, let user = Double(fields[11]), let system = Double(fields[12]),
            let started = Double(fields[19]), let virtualBytes = Int(fields[20].filter(\.isNumber)),
            let booted = Self.number("btime", in: machine)
        else { return nil }
        cpuSeconds = (user + system) / Self.ticksPerSecond
        self.virtualBytes = virtualBytes
        residentBytes = Int(Self.number("VmRSS:", in: status) ?? 0) * 1024
        self.openDescriptors = openDescriptors
        startSeconds = booted + started / Self.ticksPerSecond
    }

    /// Adds this process's figures to a page; for `PrometheusRegistry.add(collector:)`.
    package static let collector: PrometheusRegistry.Collector = { text in
        guard let figures = ProcessFigures() else { return }
        figures.write(to: &text)
    }

    func write(to text: inout PrometheusText) {
        text.metric("process_cpu_seconds_total", .counter, help: "User and system CPU time spent, in seconds.") {
            $0.add(cpuSeconds)
        }
        text.metric("process_open_fds", .gauge, help: "Open file descriptors.") { $0.add(Double(openDescriptors)) }
        text.metric("process_resident_memory_bytes", .gauge, help: "Resident memory, in bytes.") {
            $0.add(Double(residentBytes))
        }
        text.metric("process_start_time_seconds", .gauge, help: "Start of the process, in seconds since 1970.") {
            $0.add(startSeconds)
        }
        text.metric("process_virtual_memory_bytes", .gauge, help: "Virtual memory, in bytes.") {
            $0.add(Double(virtualBytes))
        }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first number of the line that begins with `key`.
    private static func number(_ key: String, in text: String) -> Double? {
        for line in text.split(separator: "\n") where line.hasPrefix(key) {
            let words = line.dropFirst(key.count).split(whereSeparator: \.isWhitespace)
            return words.first.flatMap { Double($0) }
        }
        return nil
    }
}
