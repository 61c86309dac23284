/// What of the policy took effect in a worker.
package struct SandboxReport: Codable, Equatable, Sendable, CustomStringConvertible {
    package enum Level: String, Codable, Sendable {
        /// No privileges, no file system but fonts, no network, no processes, limited memory.
        case full
        /// Something is missing; the report names it.
        case partial
        /// Neither Landlock nor seccomp: only resource limits and no new privileges.
        case minimal
    }

    package var noNewPrivileges = false
    /// The user that the worker runs as.
    package var user: UInt32 = 0
    /// Landlock's version, when it is in force.
    package var landlock: Int?
    package var seccomp = false
    /// Threads that existed before Landlock was in force and are not bound by it; normally 0.
    package var looseThreads = 0
    /// What did not take effect and why, one sentence each.
    package var shortcomings: [String] = []

    package init() {}

    package var level: Level {
        if landlock == nil, !seccomp { return .minimal }
        return shortcomings.isEmpty ? .full : .partial
    }

    package var description: String {
        let kernel = "landlock \(landlock.map { "version \($0)" } ?? "off"), seccomp \(seccomp ? "on" : "off")"
        let reasons = shortcomings.isEmpty ? "" : ": " + shortcomings.joined(separator: "; ")
        return "\(level.rawValue) (\(kernel), user \(user))\(reasons)"
    }
}
