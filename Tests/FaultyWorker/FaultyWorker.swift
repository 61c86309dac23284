import CFaults
import DeliveryTypes
import Glibc
import Logging
import Rendering

/// A render worker that decodes nothing and misbehaves on demand: the job's cache buster says how.
@main
enum FaultyWorker {
    /// Where a pool's channel is.
    private static let channel: Int32 = 3

    static func main() async throws {
        if CommandLine.arguments.contains("server") { return try await serve() }
        if CommandLine.arguments.contains("fails-to-start") { exit(3) }
        // SAFETY: the buffers are used only during the call.
        unsafe RenderWorker.main(
            perform: { job, sources throws(RenderFailure) in
                let copies = unsafe sources.map { unsafe Array($0) }
                return try perform(job, copies)
            },
            prepare: {
                if CommandLine.arguments.contains("fails-to-prepare") {
                    throw RenderFailure(.workerFault, "asked to fail")
                }
            }
        )
    }

    /// Plays a server: keeps one worker busy for ever and says which process it is.
    private static func serve() async throws {
        var configuration = RenderPoolConfiguration()
        configuration.workerCount = 1
        let pool = try RenderPool(configuration: configuration, logger: Logger(label: "server"))
        var transformation = Transformation()
        transformation.cacheBuster = "spin"
        async let result = pool.run(RenderJob(task: .rendition(transformation, .format(.png))), sources: [])
        while pool.statistics.busy == 0 { await Task.yield() }
        say(Array("\(pool.statistics.workers[0].process)\n".utf8), to: STDOUT_FILENO)
        _ = try await result
    }

    private static func perform(_ job: RenderJob, _ sources: [[UInt8]]) throws(RenderFailure) -> RenderResult {
        guard case .rendition(let transformation, _) = job.task, let wish = transformation.cacheBuster else {
            return result(sources.reduce([], +))
        }
        let words = wish.split(separator: " ").map(String.init)
        switch words[0] {
        case "echo": return result(sources.reduce([], +))
        case "refuse": throw RenderFailure(.corruptSource, "refused\u{1b}[31m")
        case "fault": throw RenderFailure(.workerFault, "a fault of the worker")
        case "sleep": while true { pause() }
        case "spin": while true {}
        case "crash": fault_crash()
        case "exit": exit(0)
        case "allocate": allocate()
        case "large": return result([UInt8](repeating: 7, count: Int(words[1]) ?? 0))
        case "garbage": say([UInt8](repeating: 0xA5, count: 4_096))
        case "boast": say(Array("VRW1".utf8) + [4, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255])
        case "lie": say(Array("VRW1".utf8) + [4, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
        case "talk": for number in 0..<100_000 { say(Array("line \(number)\n".utf8), to: STDERR_FILENO) }
        case "keep": keep(Int(words[1]) ?? 0)
        default: return try answer(words)
        }
        return result([])
    }

    /// What the system says to something forbidden: the result's bytes are the error number as text.
    private static func answer(_ words: [String]) throws(RenderFailure) -> RenderResult {
        let error: Int32
        switch words[0] {
        case "fork": error = fault_fork()
        case "execute": error = fault_execute()
        case "trace": error = fault_trace()
        case "socket": error = fault_socket()
        case "memory-file": error = fault_memory_file()
        case "signal": error = fault_signal_parent()
        case "thread": error = fault_new_thread()
        // SAFETY: the string lives until the call returns.
        case "write": error = unsafe fault_write_file(words[1])
        // SAFETY: as above.
        case "read": error = unsafe fault_read_file(words[1])
        case "environment": return result(Array(environment().utf8))
        case "descriptors": return result(Array(openDescriptors().utf8))
        case "user": error = Int32(bitPattern: geteuid())
        default: throw RenderFailure(.unsuitableTransformation, "no such fault")
        }
        return result(Array(String(error).utf8))
    }

    private static func result(_ bytes: [UInt8]) -> RenderResult {
        let facts = PictureFacts(format: .png, size: PixelSize(width: 1, height: 1), bytes: bytes.count)
        return RenderResult(head: RenderResult.Head(source: facts), bytes: bytes)
    }

    private static func say(_ bytes: [UInt8], to descriptor: Int32 = channel) {
        // SAFETY: the array holds as many bytes as are announced.
        _ = unsafe write(descriptor, bytes, bytes.count)
    }

    private static func allocate() -> Never {
        var hoard: [[UInt8]] = []
        while true { hoard.append([UInt8](repeating: 1, count: 16 << 20)) }
    }

    /// Holds memory for good, as a leak would.
    private static func keep(_ megabytes: Int) {
        // SAFETY: nobody reads or frees what is kept.
        guard let block = unsafe malloc(megabytes << 20) else { return }
        unsafe memset(block, 1, megabytes << 20)
    }

    private static func openDescriptors() -> String {
        (0..<256).filter { fcntl($0, F_GETFD) >= 0 }.map(String.init).joined(separator: " ")
    }

    private static func environment() -> String {
        var names: [String] = []
        // SAFETY: the list ends with nil and does not change while this runs.
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            // SAFETY: every entry is a C string.
            unsafe names.append(String(cString: entry))
            // SAFETY: the end was not reached yet.
            unsafe next += 1
        }
        return names.sorted().joined(separator: "\n")
    }
}
