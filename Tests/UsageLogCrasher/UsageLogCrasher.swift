import Assignments
import Glibc

/// Records usage events until its parent kills it.
///
///     UsageLogCrasher FOLDER WRITERS
///
/// So many tasks record events at once, each its own in order, one to three at a time. Each says in one line the number
/// of an event, from 0 on, and its writer, after the call that recorded it has returned.
@main
struct UsageLogCrasher {
    static func main() async throws {
        guard CommandLine.arguments.count == 3, let writers = Int(CommandLine.arguments[2]) else { exit(64) }
        var settings = UsageLogSettings(folder: CommandLine.arguments[1])
        settings.segmentBytes = 64 << 10
        settings.freeBytesMin = 0
        let log = try await LocalUsageLog.open(settings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask { try await record(into: log, writer: writer) }
            }
            try await group.waitForAll()
        }
    }

    private static func record(into log: LocalUsageLog, writer: Int) async throws {
        var next = 0
        while true {
            let last = next + next % 3
            try await log.record(try (next...last).map { try event($0, writer: writer) })
            say("\(last) \(writer)\n")
            next = last + 1
        }
    }

    private static func event(_ number: Int, writer: Int) throws -> UsageEvent {
        try UsageEvent(
            id: "\(writer).\(number)",
            source: "/crasher",
            type: "vitrine.sample",
            timeMilliseconds: Int64(number),
            tenant: "shop",
            node: "crasher",
            data: #"{"padding":"\#(String(repeating: "x", count: number * 37 % 500))"}"#
        )
    }

    private static func say(_ line: String) {
        let bytes = Array(line.utf8)
        // SAFETY: the pointer is used for the call only, with the array's own count.
        let count = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
        guard count == bytes.count else { exit(1) }
    }
}
