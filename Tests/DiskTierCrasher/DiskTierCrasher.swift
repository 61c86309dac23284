import Caching
import Glibc
import NIOCore
import VitrineTesting

/// Stores records in a disk tier until its parent kills it.
///
///     DiskTierCrasher FOLDER SEED
///
/// Works on 200 keys in rounds: stores or removes some of them, and flushes. After each flush it says, in one line, the
/// round and, for every key, the version that is stored (0: none).
@main
struct DiskTierCrasher {
    static let keyCount = 200

    static func main() async throws {
        guard CommandLine.arguments.count == 3, let seed = UInt64(CommandLine.arguments[2]) else { exit(64) }
        var settings = DiskTierSettings(folder: CommandLine.arguments[1], budgetBytes: 64 << 20)
        settings.segmentBytes = 256 << 10
        settings.freeBytesMin = 0
        let tier = try await DiskTier.open(settings)
        var random = SeededGenerator(seed: seed)
        var versions = [UInt64](repeating: 0, count: keyCount)
        for round in 1... {
            for _ in 0..<60 {
                let number = Int.random(in: 0..<keyCount, using: &random)
                if Int.random(in: 0..<5, using: &random) == 0 {
                    tier.remove(key(number))
                    versions[number] = 0
                } else {
                    versions[number] = UInt64(round)
                    tier.store(record(number, version: UInt64(round)))
                }
            }
            guard await tier.flush() else { exit(1) }
            say("\(round) " + versions.map(String.init).joined(separator: " ") + "\n")
        }
    }

    static func key(_ number: Int) -> EntryKey { EntryKey(high: UInt64(number), low: 1) }

    static func record(_ number: Int, version: UInt64) -> DiskRecord {
        var random = SeededGenerator(seed: UInt64(number) << 32 + version)
        let bytes = Int.random(in: 0..<9000, using: &random)
        return DiskRecord(
            key: key(number),
            name: "record \(number)",
            metadata: ByteBuffer(integer: version),
            body: ByteBuffer(bytes: random.bytes(bytes)),
            costMilliseconds: 1,
            storedMilliseconds: 0
        )
    }

    private static func say(_ line: String) {
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            // SAFETY: the pointer is used for the call only, with the slice's own count.
            let count = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { exit(1) }
            bytes.removeFirst(count)
        }
    }
}
