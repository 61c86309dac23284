import Caching
import Foundation
import Glibc
import NIOCore
import Testing
import VitrineTesting

@Suite("A process with a disk tier that is killed")
struct DiskCrashTests {
    @Test("finds everything again that it had flushed", arguments: 1...4 as ClosedRange<UInt64>)
    func killed(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "cache")
        let child = try ChildProcess("DiskTierCrasher", [path, String(seed)])
        // It goes on while the last of these lines is read, so the signal meets it anywhere in a round.
        let lines = child.lines(3 + Int(seed) * 7)
        kill(child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
        let rest = child.lines(.max)
        let said = try #require((lines + rest).last).split(separator: " ").compactMap { UInt64($0) }
        let touched = keysTouched(afterRound: said[0], seed: seed)

        var settings = DiskTierSettings(folder: path, budgetBytes: 64 << 20)
        settings.freeBytesMin = 0
        let tier = try await DiskTier.open(settings)
        for (number, version) in said.dropFirst().enumerated() {
            let key = EntryKey(high: UInt64(number), low: 1)
            let found = try await tier.read(key, name: "record \(number)")
            let foundVersion = found?.metadata.getInteger(at: 0, as: UInt64.self) ?? 0
            if touched.contains(number) {
                // What came after the flush may be there or not.
                #expect([0, version, said[0] + 1].contains(foundVersion), "record \(number)")
            } else {
                #expect(foundVersion == version, "record \(number)")
            }
            if let found { #expect(found == record(number, version: foundVersion)) }
        }
        #expect(tier.statistics.readsDamaged == 0)
        #expect(tier.statistics.entries > 50)
        await tier.shutdown()
    }

    /// The keys that the child works on in the round after one: it draws the same numbers.
    private func keysTouched(afterRound last: UInt64, seed: UInt64) -> Set<Int> {
        var random = SeededGenerator(seed: seed)
        var touched: Set<Int> = []
        for round in 1...last + 1 {
            for _ in 0..<60 {
                let number = Int.random(in: 0..<200, using: &random)
                _ = Int.random(in: 0..<5, using: &random)
                if round > last { touched.insert(number) }
            }
        }
        return touched
    }

    /// As the child makes it.
    private func record(_ number: Int, version: UInt64) -> DiskRecord {
        var random = SeededGenerator(seed: UInt64(number) << 32 + version)
        let bytes = Int.random(in: 0..<9000, using: &random)
        return DiskRecord(
            key: EntryKey(high: UInt64(number), low: 1),
            name: "record \(number)",
            metadata: ByteBuffer(integer: version),
            body: ByteBuffer(bytes: random.bytes(bytes)),
            costMilliseconds: 1,
            storedMilliseconds: 0
        )
    }
}
