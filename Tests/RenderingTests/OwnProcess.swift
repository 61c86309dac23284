import Foundation

/// What `/proc` says about the test's own process.
enum OwnProcess {
    static func facts() -> (descriptors: Int, residentBytes: Int) {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        let fields = text("/proc/self/statm").split(separator: " ")
        return (descriptors, (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4_096)
    }

    /// Ids of child processes, also of ended ones that nobody has reaped.
    static func children() -> [Int] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.flatMap { thread in
            text("/proc/self/task/\(thread)/children").split(separator: " ").compactMap { Int($0) }
        }
    }

    /// Whether a process is there and has not ended.
    static func isAlive(_ process: Int) -> Bool {
        let status = text("/proc/\(process)/stat")
        guard let state = status.split(separator: ")").last?.split(separator: " ").first else { return false }
        return state != "Z" && state != "X"
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

/// Gives way to others until something is so; the suite's time limit, which cancels the test, is the bound.
func until(_ condition: () -> Bool) async {
    while !condition() && !Task.isCancelled { await Task.yield() }
}
