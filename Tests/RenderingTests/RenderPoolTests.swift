import DeliveryTypes
import Glibc
import Rendering
import ServiceLifecycle
import Testing

extension PoolTests {
    @Suite struct RenderPoolTests {
        @Test("a worker gets the sources' bytes and its result comes back")
        func echoes() async throws {
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await FaultyPool.run { pool async throws in
                let first = try SharedBytes(copying: bytes)
                let second = try SharedBytes(copying: [1, 2, 3])
                let result = try await pool.ask("echo", sources: [first, second])
                #expect(result.bytes == bytes + [1, 2, 3])
                #expect(result.head.source.bytes == 300_003)
                #expect(result.head.workerMicroseconds > 0)
            }
        }

        @Test("a large result comes back whole")
        func largeResult() async throws {
            try await FaultyPool.run { pool async throws in
                let bytes = try await pool.ask("large 5000000").bytes
                #expect(bytes == [UInt8](repeating: 7, count: 5_000_000))
            }
        }

        @Test("an empty source is a source")
        func emptySource() async throws {
            try await FaultyPool.run { pool async throws in
                let sources = [try SharedBytes(copying: []), try SharedBytes(copying: [9])]
                #expect(try await pool.ask("echo", sources: sources).bytes == [9])
            }
        }

        @Test("a result past the limit is refused, and the worker lives on")
        func resultLimit() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.resultBytesMax = 1_000 }
            try await FaultyPool.run(configuration) { pool async throws in
                let failure = RenderFailure(.limitExceeded, "the result is larger than 1000 bytes")
                await #expect(throws: RenderingError.failed(failure)) { try await pool.ask("large 1001") }
                #expect(try await pool.ask("large 1000").bytes.count == 1_000)
                #expect(pool.statistics.crashes == 0)
            }
        }

        @Test("when too many jobs wait, the next one is turned away with a time to come back")
        func overflow() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.queueMax = 2 }
            try await FaultyPool.run(configuration) { pool async throws in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await pool.ask("sleep") }
                    await until { pool.statistics.busy == 1 }
                    for _ in 0..<2 { group.addTask { _ = try? await pool.ask("echo") } }
                    await until { pool.statistics.queued == 2 }
                    let error = await #expect(throws: RenderingError.self) { try await pool.ask("echo") }
                    guard case .overloaded(let retryAfter) = error else {
                        Issue.record("not turned away but \(String(describing: error))")
                        return
                    }
                    #expect(retryAfter > .zero)
                    #expect(pool.statistics.rejected == 1)
                    await pool.shutDown(within: .zero)
                }
            }
        }

        @Test("a job leaves the queue with the task that waits for it")
        func cancellation() async throws {
            try await FaultyPool.run { pool async throws in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await pool.ask("sleep") }
                    await until { pool.statistics.busy == 1 }
                    // Waited for below.
                    let waiting = Task { try await pool.ask("echo") }
                    await until { pool.statistics.queued == 1 }
                    waiting.cancel()
                    let result = await waiting.result
                    #expect(throws: RenderingError.cancelled) { try result.get() }
                    #expect(pool.statistics.queued == 0)
                    await pool.shutDown(within: .zero)
                }
            }
        }

        @Test("a job that waits past its deadline gets no worker")
        func waitingDeadline() async throws {
            try await FaultyPool.run { pool async throws in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await pool.ask("sleep") }
                    await until { pool.statistics.busy == 1 }
                    await #expect(throws: RenderingError.deadlineExceeded) {
                        try await pool.ask("echo", deadline: .milliseconds(50))
                    }
                    #expect(pool.statistics.expired == 1)
                    await pool.shutDown(within: .zero)
                }
            }
        }

        @Test("a graceful shutdown finishes every job that was taken, then the workers are gone")
        func gracefulShutdown() async throws {
            let pool = try RenderPool(
                configuration: FaultyPool.configuration(workers: 2),
                logger: FaultyPool.quiet
            )
            let group = ServiceGroup(services: [pool], logger: FaultyPool.quiet)
            try await withThrowingTaskGroup(of: Int.self) { tasks async throws in
                tasks.addTask {
                    try await group.run()
                    return 0
                }
                await until { pool.statistics.isReady }
                for _ in 0..<20 { tasks.addTask { try await pool.ask("large 1000").bytes.count } }
                await until { pool.statistics.completed + pool.statistics.busy + pool.statistics.queued >= 20 }
                let processes = pool.statistics.workers.map(\.process)
                await group.triggerGracefulShutdown()
                #expect(try await tasks.reduce(0, +) == 20_000)
                for process in processes { #expect(kill(process, 0) == -1) }
            }
            await #expect(throws: RenderingError.shuttingDown) { try await pool.ask("echo") }
        }

        @Test("a shutdown without patience ends what runs and what waits")
        func abruptShutdown() async throws {
            try await FaultyPool.run { pool async throws in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 {
                        group.addTask {
                            await #expect(throws: RenderingError.shuttingDown) { try await pool.ask("sleep") }
                        }
                    }
                    await until { pool.statistics.busy == 1 && pool.statistics.queued == 1 }
                    let process = pool.statistics.workers[0].process
                    await pool.shutDown(within: .zero)
                    #expect(kill(process, 0) == -1)
                }
            }
        }

        @Test("old workers are replaced without a job noticing")
        func recyclingByAge() async throws {
            let configuration = FaultyPool.configuration(workers: 2) { $0.jobsPerWorker = 5 }
            try await FaultyPool.run(configuration) { pool async throws in
                try await withThrowingTaskGroup(of: Void.self) { group async throws in
                    for _ in 0..<4 {
                        group.addTask {
                            while pool.statistics.recycled < 6 { _ = try await pool.ask("echo") }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(pool.statistics.crashes == 0)
                #expect(pool.statistics.killed == 0)
            }
        }

        @Test("a worker that keeps too much memory is replaced")
        func recyclingBySize() async throws {
            let configuration = FaultyPool.configuration(workers: 1) { $0.residentBytesMax = 32 << 20 }
            try await FaultyPool.run(configuration) { pool async throws in
                _ = try await pool.ask("keep 80")
                await until { pool.statistics.recycled == 1 && pool.statistics.workers.count == 1 }
                #expect(try await pool.ask("echo").bytes.isEmpty)
                #expect(pool.statistics.crashes == 0)
            }
        }

        @Test("a thousand jobs leave no descriptor, no memory and no process behind")
        func flat() async throws {
            let configuration = FaultyPool.configuration(workers: 2) { $0.jobsPerWorker = 100 }
            try await FaultyPool.run(configuration) { pool async throws in
                let source = [UInt8](repeating: 1, count: 100_000)
                func work(_ count: Int) async throws {
                    try await withThrowingTaskGroup(of: Void.self) { group async throws in
                        for lane in 0..<4 {
                            group.addTask {
                                for number in 0..<count / 4 {
                                    let wish = number % 50 == lane ? "crash" : "echo"
                                    let sources = [try SharedBytes(copying: source)]
                                    let result = try? await pool.ask(wish, sources: sources)
                                    #expect(result?.bytes == (wish == "echo" ? source : nil))
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                    await until { pool.statistics.workers.count { $0.state == .idle } == pool.statistics.workers.count }
                }
                try await work(200)
                let before = OwnProcess.facts()
                try await work(1_000)
                let after = OwnProcess.facts()
                #expect(after.descriptors - before.descriptors < 20)
                #expect(after.residentBytes - before.residentBytes < 24 << 20)
                // Replacements may be on their way; nobody else may be there, dead or alive.
                #expect(OwnProcess.children().count <= pool.statistics.workers.count + 2)
            }
            #expect(OwnProcess.children().isEmpty)
        }
    }
}
