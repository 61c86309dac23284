import Glibc
import Metering
import NIOCore
import ObjectStorage
import Synchronization

/// Appends and ships lines of usage events until it is killed: by its parent, or by itself after a step.
///
///     SegmentCrasher FOLDER STORE ROUND WRITERS [STEP COUNT]
///
/// So many tasks append lines at once, each its own in order, one to forty at a time. Each says in one line the number
/// of its last line, from 0 on, and its writer, after the call that appended it has returned. With a step, it sends
/// itself SIGKILL when that step has come so often. The first writer asks for everything to be shipped now and then.
@main
struct SegmentCrasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5 || arguments.count == 7, let round = Int(arguments[3]),
            let writers = Int(arguments[4])
        else { exit(64) }
        let store = try await SegmentStore.open(
            folder: arguments[1],
            node: "crasher",
            store: try await FileObjectStore.open(path: arguments[2]),
            settings: settings,
            newNode: { "unused" },
            steps: arguments.count == 7 ? killing(after: arguments[5], count: Int(arguments[6]) ?? 1) : .none
        )
        let requests = arguments[1] + "/requests/"
        await withTaskGroup { group in
            group.addTask { await store.run() }
            for writer in 0..<writers {
                group.addTask { await append(to: store, requests, round: round, writer: writer) }
            }
        }
    }

    private static var settings: SegmentSettings {
        var settings = SegmentSettings()
        settings.segmentBytes = 20_000
        settings.sealAfter = .milliseconds(20)
        settings.tick = .milliseconds(2)
        settings.freeBytesMin = 0
        return settings
    }

    /// Has this process kill itself after a step.
    private static func killing(after step: String, count: Int) -> SegmentSteps {
        guard let step = SegmentSteps.Step(rawValue: step) else { exit(64) }
        let left = Mutex(count)
        return SegmentSteps { happened in
            guard happened == step else { return }
            let isLast = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isLast { kill(getpid(), SIGKILL) }
        }
    }

    /// Asks for everything to be shipped, as another process would.
    private static func ask(_ path: String) {
        // SAFETY: the String lives as a NUL-terminated text for the duration of the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { exit(1) }
        close(descriptor)
    }

    private static func append(
        to store: SegmentStore,
        _ requests: String,
        round: Int,
        writer: Int
    ) async {
        var next = 0
        while true {
            let count = 1 + next % 40
            var lines = ByteBuffer()
            for number in next..<next + count { lines.writeString(line(number, round: round, writer: writer)) }
            do throws(MeteringError) {
                try await store.append(lines, count: count)
            } catch {
                say("\(error)\n")
                exit(1)
            }
            next += count
            say("\(next - 1) \(writer)\n")
            if writer == 0, count % 8 == 0 { ask(requests + String(next)) }
        }
    }

    private static func line(_ number: Int, round: Int, writer: Int) -> String {
        let time = 1_763_700_000_000_000 + number
        let padding = String(repeating: "x", count: number * 37 % 300)
        return "1,2,3,/crasher,\(round).\(writer).\(number),com.vitrine.usage.v1,\(time),\(time),"
            + "c,template,maker,user,used,,,,,,\"{\"\"data\"\":{\"\"padding\"\":\"\"\(padding)\"\"}}\"\n"
    }

    private static func say(_ line: String) {
        let bytes = Array(line.utf8)
        // SAFETY: the pointer is used for the call only, with the array's own count.
        let count = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
        guard count == bytes.count else { exit(1) }
    }
}
