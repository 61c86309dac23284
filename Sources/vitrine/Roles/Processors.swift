import FoundationEssentials
import NIOCore

/// The processors that this process may run on.
enum Processors {
    /// At least 1; fewer than the machine has where `taskset` or a container says so.
    static var count: Int {
        // Linux says it as a mask in hexadecimal digits; elsewhere the machine's own count is used.
        guard let data = FileManager.default.contents(atPath: "/proc/self/status") else { return System.coreCount }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix("Cpus_allowed:") {
            let digits = line.dropFirst("Cpus_allowed:".count).compactMap { $0.hexDigitValue }
            return max(1, min(digits.reduce(0) { $0 + $1.nonzeroBitCount }, System.coreCount))
        }
        return System.coreCount
    }
}
