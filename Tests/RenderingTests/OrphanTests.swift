import Foundation
import Glibc
import Testing

@testable import Rendering

extension PoolTests {
    @Suite struct OrphanTests {
        @Test("workers die with a server that is killed, even while they work")
        func orphans() async throws {
            let (output, outputIn) = try Channel.pipe()
            let null = try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
            // The faulty worker also plays a server that keeps its one worker busy for ever.
            let server = try ChildProcess(
                executable: FaultyPool.executable,
                arguments: ["server"],
                environment: [:],
                descriptors: [null, outputIn, null]
            )
            var buffer = [UInt8](repeating: 0, count: 64)
            var text = ""
            while !text.contains("\n") {
                if let count = try output.read(into: &buffer, capacity: buffer.count) {
                    text += String(decoding: buffer[..<count], as: UTF8.self)
                }
                await Task.yield()
            }
            let worker = try #require(Int(text.split(separator: "\n")[0]))
            #expect(OwnProcess.isAlive(worker))
            server.terminate()
            await until { server.reap() != nil }
            await until { !OwnProcess.isAlive(worker) }
        }

        @Test("a render worker started by hand says so and leaves")
        func byHand() async throws {
            let null = try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
            let worker = try ChildProcess(
                executable: FaultyPool.executable,
                arguments: ["render-worker"],
                environment: [:],
                descriptors: [null, null, null]
            )
            var ending: ChildProcess.Ending?
            await until {
                ending = worker.reap()
                return ending != nil
            }
            #expect(ending == .exited(code: 64))
        }
    }
}
