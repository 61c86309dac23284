import DeliveryTypes
import Foundation
import Glibc
import Rendering
import Testing

extension PoolTests {
    /// What a worker that was taken over could still do.
    @Suite struct SandboxTests {
        @Test("on this kernel the sandbox is whole")
        func report() async throws {
            try await FaultyPool.run { pool async throws in
                _ = try await pool.ask("echo")
                let report = try #require(pool.statistics.sandbox)
                #expect(report.noNewPrivileges)
                #expect(report.looseThreads == 0)
                #expect(report.level == .full, "\(report)")
            }
        }

        @Test(
            "what decoding does not need is refused",
            arguments: [
                ("fork", EPERM), ("socket", EPERM), ("memory-file", EPERM), ("signal", EPERM),
                ("write /tmp/vitrine-must-not-exist", EPERM), ("write /dev/null", EPERM), ("read /etc/passwd", EACCES),
                ("read /proc/self/maps", EACCES), ("read /usr/bin/true", EACCES),
            ]
        )
        func refused(wish: String, error: Int32) async throws {
            try await FaultyPool.run { pool async throws in
                #expect(try await pool.text(wish) == "\(error)")
            }
        }

        @Test("threads can be started")
        func threads() async throws {
            try await FaultyPool.run { pool async throws in
                #expect(try await pool.text("thread") == "0")
            }
        }

        @Test("starting a program or tracing ends the worker", arguments: ["execute", "trace"])
        func deadly(wish: String) async throws {
            try await FaultyPool.run { pool async throws in
                await #expect(throws: RenderingError.workerCrashed) { try await pool.ask(wish) }
            }
        }

        @Test("fonts' folders stay readable, their neighbours do not")
        func readable() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "fonts-\(UUID().uuidString)")
            let fonts = folder.appending(path: "granted")
            try FileManager.default.createDirectory(at: fonts, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try Data([1]).write(to: fonts.appending(path: "font"))
            try Data([1]).write(to: folder.appending(path: "secret"))
            let configuration = FaultyPool.configuration(workers: 1) { $0.sandbox.readable = [fonts.path] }
            try await FaultyPool.run(configuration) { pool async throws in
                #expect(try await pool.text("read \(fonts.path)/font") == "0")
                #expect(try await pool.text("read \(folder.path)/secret") == "\(EACCES)")
            }
        }

        @Test("a worker does not run as root")
        func identity() async throws {
            try await FaultyPool.run { pool async throws in
                #expect(try await pool.text("user") == (geteuid() == 0 ? "65534" : "\(geteuid())"))
            }
        }

        @Test("a worker has null, its error pipe and its channel open, and nothing else")
        func descriptors() async throws {
            try await FaultyPool.run { pool async throws in
                #expect(try await pool.text("descriptors") == "0 1 2 3")
                // Nor do the sources of a job stay open.
                _ = try await pool.ask("echo", sources: [SharedBytes(copying: [1, 2, 3])])
                #expect(try await pool.text("descriptors") == "0 1 2 3")
            }
        }

        @Test("a worker's environment holds nothing of the server's")
        func environment() async throws {
            // SAFETY: both strings are valid during the call, and no other test reads the environment.
            unsafe setenv("VITRINE_SECRET_OF_THE_SERVER", "hidden", 1)
            try await FaultyPool.run { pool async throws in
                let names = try await pool.text("environment").split(separator: "\n").map { $0.prefix { $0 != "=" } }
                let allowed = RenderPoolConfiguration.Command.standardEnvironment.keys + ["LD_LIBRARY_PATH"]
                #expect(Set(names.map(String.init)).isSubset(of: allowed))
                #expect(names.contains("MALLOC_ARENA_MAX"))
            }
        }

        @Test("without Landlock no file can be opened at all, and the report says so")
        func withoutLandlock() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.sandbox.usesLandlock = false }
            try await FaultyPool.run(configuration) { pool async throws in
                #expect(try await pool.text("read /etc/passwd") == "\(EPERM)")
                #expect(pool.statistics.sandbox?.level == .partial)
            }
        }

        @Test("without seccomp files stay closed, and the report says so")
        func withoutSeccomp() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.sandbox.usesSeccomp = false }
            try await FaultyPool.run(configuration) { pool async throws in
                #expect(try await pool.text("read /etc/passwd") == "\(EACCES)")
                #expect(try await pool.text("write /tmp/vitrine-must-not-exist") == "\(EACCES)")
                #expect(pool.statistics.sandbox?.level == .partial)
            }
        }

        @Test("with neither, limits and lost privileges remain")
        func minimal() async throws {
            let adjust = { (configuration: inout RenderPoolConfiguration) in
                configuration.sandbox.usesSeccomp = false
                configuration.sandbox.usesLandlock = false
            }
            try await FaultyPool.run(FaultyPool.configuration(workers: 1, adjust)) { pool async throws in
                await #expect(throws: RenderingError.workerCrashed) { try await pool.ask("allocate") }
                #expect(pool.statistics.sandbox?.level == .minimal)
                #expect(pool.statistics.sandbox?.noNewPrivileges == true)
            }
        }

        @Test("where the whole sandbox is required, half of one does not work")
        func required() async throws {
            let adjust = { (configuration: inout RenderPoolConfiguration) in
                configuration.sandbox.usesSeccomp = false
                configuration.sandbox.isRequired = true
            }
            try await FaultyPool.run(FaultyPool.configuration(workers: 1, adjust)) { pool async throws in
                await #expect(throws: RenderingError.deadlineExceeded) {
                    try await pool.ask("echo", deadline: .milliseconds(300))
                }
            }
        }
    }
}
