import Foundation
import VitrineTesting

/// The real PostgreSQL server that the tests may use, as `scripts/postgres` names it in the environment; and servers of
/// a test's own, to be killed.
struct PostgresServer {
    static let hint = "needs a real PostgreSQL; enable with: scripts/postgres run swift test --filter LedgerTests"

    static let url = ProcessInfo.processInfo.environment["VITRINE_TEST_POSTGRES"] ?? ""

    static var isThere: Bool { !url.isEmpty }

    private let folder: TemporaryFolder
    let url: String

    /// Starts a server in a folder of its own.
    init() throws {
        folder = try TemporaryFolder()
        let said = try Self.script("start", folder.path)
        guard let start = said.range(of: "postgres://") else { throw ConformanceFailure("no address: \(said)") }
        url = String(said[start.lowerBound...].prefix { $0 != "\n" })
    }

    func start() throws { _ = try Self.script("start", folder.path) }

    func stop() throws { _ = try Self.script("stop", folder.path) }

    /// Ends it as a crash would.
    func kill() throws { _ = try Self.script("kill", folder.path) }

    private static func script(_ arguments: String...) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        let output = Pipe()
        process.executableURL = root.appending(path: "scripts/postgres")
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ConformanceFailure("scripts/postgres \(arguments) ended with \(process.terminationStatus)")
        }
        return String(decoding: said, as: UTF8.self)
    }
}
