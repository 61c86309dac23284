import CProcess
import Glibc

/// Gives up, step by step, everything that decoding does not need; nothing of it can be taken back.
///
/// First (before libraries and fonts are loaded) the user, writing and most of reading; then (before the first
/// untrusted byte) files other than fonts, and all system calls that are not on the list. Landlock binds a thread and
/// those it starts, so the first step comes while the process still has one thread; seccomp binds all threads.
struct Sandbox {
    private(set) var report = SandboxReport()
    private let policy: SandboxPolicy

    init(_ policy: SandboxPolicy) { self.policy = policy }

    /// - Parameter parent: the process to die with.
    mutating func confineForPreparing(parent: Int32) {
        note(cprocess_prefer_as_victim(300), "the out-of-memory preference could not be raised")
        if let identity = policy.identity, geteuid() == 0 {
            note(
                cprocess_become(identity.user, identity.group),
                "the worker could not become user \(identity.user)"
            )
        }
        report.user = geteuid()
        if report.user == 0 { report.shortcomings.append("the worker runs as root") }
        // A change of user cancels what the parent asked for before the start.
        if cprocess_die_with_parent(parent) < 0 { exit(0) }
        report.noNewPrivileges = note(cprocess_forbid_new_privileges(), "new privileges could not be forbidden")
        note(cprocess_forbid_tracing(), "tracing could not be forbidden")
        limit()
        report.looseThreads = max(0, Self.threadCount() - 1)
        restrictFiles(policy.readableWhilePreparing + policy.readable)
        if report.landlock != nil, report.looseThreads > 0 {
            report.shortcomings.append("\(report.looseThreads) threads are not bound by Landlock")
        }
    }

    mutating func confineForWorking() {
        if report.landlock != nil { restrictFiles(policy.readable) }
        guard policy.usesSeccomp else { return report.shortcomings.append("seccomp is turned off") }
        // Without Landlock nothing says which files may be opened, so none may.
        report.seccomp = note(cprocess_seccomp_restrict(report.landlock == nil ? 0 : 1), "seccomp was refused")
    }

    private mutating func limit() {
        // Shared memory and mapped sources count as addresses only, and libraries and thread stacks take some.
        let addresses = UInt64(policy.memoryMax) * 2 + (1 << 30)
        let limits: [(cprocess_limit, UInt64)] = [
            (CPROCESS_LIMIT_DATA, UInt64(policy.memoryMax)), (CPROCESS_LIMIT_ADDRESSES, addresses),
            (CPROCESS_LIMIT_FILES, UInt64(policy.openFilesMax)), (CPROCESS_LIMIT_FILE_SIZE, 0),
            (CPROCESS_LIMIT_CORE, 0),
        ]
        for (kind, value) in limits { note(cprocess_limit(kind, value, 0), "a resource limit could not be set") }
    }

    private mutating func restrictFiles(_ paths: [String]) {
        guard policy.usesLandlock else {
            if report.landlock == nil { report.shortcomings.append("Landlock is turned off") }
            return
        }
        // SAFETY: the array of C strings is valid during the call.
        let granted = unsafe ChildProcess.withStrings(paths) { unsafe cprocess_landlock_restrict($0) }
        if note(granted, "Landlock is not available"), report.landlock == nil {
            report.landlock = Int(cprocess_landlock_version())
        }
    }

    private static func threadCount() -> Int {
        var text = [UInt8](repeating: 0, count: 4_096)
        // Unknown counts as alone: without /proc there is nothing to be told.
        guard let descriptor = try? OwnedDescriptor(opening: "/proc/self/status", flags: O_RDONLY),
            let count = try? descriptor.read(into: &text, capacity: text.count)
        else { return 1 }
        let lines = String(decoding: text[..<count], as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("Threads:") }
        return line?.split(separator: "\t").last.flatMap { Int($0) } ?? 1
    }

    @discardableResult
    private mutating func note(_ result: Int32, _ sentence: String) -> Bool {
        if result < 0 { report.shortcomings.append("\(sentence) (error \(-result))") }
        return result >= 0
    }
}
