import DeliveryTypes
import Glibc
import Rendering
import Testing

extension PoolTests {
    /// Whatever a worker does, its job gets one clear answer and the next job works.
    @Suite struct MisbehaviourTests {
        @Test("a refusal reaches the caller, without control characters")
        func refusal() async throws {
            try await FaultyPool.run { pool async throws in
                let failure = RenderFailure(.corruptSource, "refused[31m")
                await #expect(throws: RenderingError.failed(failure)) { try await pool.ask("refuse") }
                #expect(pool.statistics.retried == 0)
            }
        }

        @Test("a fault of the worker is tried once more, then told")
        func fault() async throws {
            try await FaultyPool.run { pool async throws in
                let failure = RenderFailure(.workerFault, "a fault of the worker")
                await #expect(throws: RenderingError.failed(failure)) { try await pool.ask("fault") }
                #expect(pool.statistics.retried == 1)
            }
        }

        @Test(
            "a worker that dies or breaks the protocol costs two workers and one clear answer",
            arguments: ["crash", "exit", "garbage", "boast", "lie", "allocate"]
        )
        func crash(wish: String) async throws {
            try await FaultyPool.run { pool async throws in
                await #expect(throws: RenderingError.workerCrashed) { try await pool.ask(wish) }
                #expect(pool.statistics.crashes == 2)
                #expect(try await pool.ask("large 10").bytes.count == 10)
            }
        }

        @Test("without retries a crash costs one worker")
        func crashWithoutRetry() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.retriesCrashes = false }
            try await FaultyPool.run(configuration) { pool async throws in
                await #expect(throws: RenderingError.workerCrashed) { try await pool.ask("crash") }
                #expect(pool.statistics.crashes == 1)
            }
        }

        @Test("a job that takes too long is killed, and not tried again", arguments: ["sleep", "spin"])
        func tooLong(wish: String) async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.executionLimit = .seconds(1) }
            try await FaultyPool.run(configuration) { pool async throws in
                await #expect(throws: RenderingError.deadlineExceeded) { try await pool.ask(wish) }
                #expect(pool.statistics.killed == 1)
                #expect(try await pool.ask("large 10").bytes.count == 10)
            }
        }

        @Test("a worker that talks without end is neither heard nor held up")
        func talkative() async throws {
            let lines = CountingLog()
            try await FaultyPool.run(logger: lines.logger) { pool async throws in
                #expect(try await pool.ask("talk").bytes.isEmpty)
            }
            #expect(lines.count < 200)
        }

        @Test("others go on while workers crash and hang")
        func othersUnaffected() async throws {
            let configuration = FaultyPool.configuration(workers: 2) { $0.executionLimit = .seconds(2) }
            try await FaultyPool.run(configuration) { pool async throws in
                try await withThrowingTaskGroup(of: Int.self) { group async throws in
                    for wish in ["crash", "sleep", "garbage", "exit"] {
                        group.addTask {
                            _ = try? await pool.ask(wish)
                            return 0
                        }
                    }
                    for _ in 0..<60 { group.addTask { try await pool.ask("large 100").bytes.count } }
                    #expect(try await group.reduce(0, +) == 6_000)
                }
            }
        }

        @Test("a worker killed from outside costs its job one retry and the others nothing")
        func killedInTheMiddle() async throws {
            let configuration = FaultyPool.configuration(workers: 2) { $0.retriesCrashes = false }
            try await FaultyPool.run(configuration) { pool async throws in
                try await withThrowingTaskGroup(of: Void.self) { group async throws in
                    group.addTask {
                        await #expect(throws: RenderingError.workerCrashed) { try await pool.ask("sleep") }
                    }
                    await until { pool.statistics.busy == 1 }
                    let victim = try #require(pool.statistics.workers.first { $0.state == .busy })
                    for _ in 0..<20 {
                        group.addTask {
                            let bytes = try await pool.ask("large 10").bytes
                            #expect(bytes.count == 10)
                        }
                    }
                    kill(victim.process, SIGKILL)
                    try await group.waitForAll()
                }
                #expect(pool.statistics.crashes == 1)
            }
        }

        @Test("signals meant for the server do not end its workers", arguments: [SIGTERM, SIGINT, SIGHUP])
        func politeSignals(signal: Int32) async throws {
            try await FaultyPool.run { pool async throws in
                _ = try await pool.ask("echo")
                let worker = pool.statistics.workers[0]
                kill(worker.process, signal)
                _ = try await pool.ask("echo")
                #expect(pool.statistics.workers.map(\.id) == [worker.id])
                #expect(pool.statistics.crashes == 0)
            }
        }

        @Test("an idle worker that is killed is replaced")
        func killedIdle() async throws {
            try await FaultyPool.run { pool async throws in
                _ = try await pool.ask("echo")
                let victim = pool.statistics.workers[0]
                kill(victim.process, SIGKILL)
                await until { pool.statistics.crashes == 1 }
                #expect(try await pool.ask("large 10").bytes.count == 10)
                #expect(pool.statistics.workers.allSatisfy { $0.id != victim.id })
            }
        }

        @Test(
            "workers that never get ready are started again more and more slowly",
            arguments: ["fails-to-start", "fails-to-prepare"]
        )
        func crashLoop(argument: String) async throws {
            let configuration = FaultyPool.configuration(workers: 2) { $0.command.arguments.append(argument) }
            try await FaultyPool.run(configuration) { pool async throws in
                await #expect(throws: RenderingError.deadlineExceeded) {
                    try await pool.ask("echo", deadline: .seconds(2))
                }
                #expect(1...8 ~= pool.statistics.crashes)
                #expect(!pool.statistics.isReady)
            }
        }

        @Test("a worker program that does not exist is a crash loop, not a crash")
        func missingProgram() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.command.executable = "/nonexistent" }
            try await FaultyPool.run(configuration) { pool async throws in
                await #expect(throws: RenderingError.deadlineExceeded) {
                    try await pool.ask("echo", deadline: .milliseconds(200))
                }
            }
        }
    }
}
