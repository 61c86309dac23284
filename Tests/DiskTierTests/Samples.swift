import NIOCore
import Synchronization
import VitrineTesting

@testable import Caching

/// A time that goes on only when it is told to.
final class ManualClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }

    /// Nothing in the disk tier sleeps.
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

extension DiskRecord {
    /// A record whose content follows from its number and version.
    static func sample(_ number: Int, version: UInt64 = 0, bytes: Int = 1000) -> DiskRecord {
        var random = SeededGenerator(seed: UInt64(number) &* 1_000_003 &+ version)
        var body = ByteBuffer()
        while body.readableBytes < bytes { body.writeInteger(random.next()) }
        body.moveWriterIndex(to: bytes)
        return DiskRecord(
            key: EntryKey(high: UInt64(number) &* 0x9e37_79b9_7f4a_7c15, low: UInt64(number)),
            name: "GET example.test/picture/\(number)",
            metadata: ByteBuffer(string: "version \(version) of \(number)"),
            body: body,
            costMilliseconds: Float(number) / 2,
            storedMilliseconds: 1_700_000_000_000 + Int64(number)
        )
    }
}

extension DiskTierSettings {
    /// Small, and with no demands on the machine's disk.
    static func small(_ folder: TemporaryFolder, budget: Int = 1 << 20, segment: Int = 64 << 10) -> DiskTierSettings {
        var settings = DiskTierSettings(folder: folder.path(of: "cache"), budgetBytes: budget)
        settings.segmentBytes = segment
        settings.freeBytesMin = 0
        settings.readThreads = 1
        return settings
    }
}

extension DiskTier {
    func read(_ record: DiskRecord) async throws -> DiskRecord? {
        try await read(record.key, name: record.name)
    }
}
