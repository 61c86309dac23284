import Crypto
import DeliveryTypes
import Foundation
import NIOCore
import ObjectStorage
import Originals
import Synchronization
import VitrineTesting

/// Stores things in a folder until it is killed: by its parent, or by itself before a given step.
///
///     StorageCrasher FOLDER step N         two objects, SIGKILL before the N-th step of the file store; exit 0 if
///     fewer StorageCrasher FOLDER loop SEED      four writers without end; one line on standard output per finished
///     put StorageCrasher FOLDER ingest-step N  one original, as step StorageCrasher FOLDER ingest N       one
///     original of N MB; says its peak of memory in KB, and its file
///
/// Every object's key ends in the SHA-256 of its object, so that whoever looks later can tell a whole one.
@main
struct StorageCrasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let number = UInt64(arguments[3]) else { exit(64) }
        switch arguments[2] {
        case "step": try await crash(atStep: Int(number), in: arguments[1])
        case "ingest-step": try await crashIngest(atStep: Int(number), in: arguments[1])
        case "ingest": try await measureIngest(ofMegabytes: Int(number), in: arguments[1])
        case "loop": try await putWithoutEnd(seed: number, in: arguments[1])
        default: exit(64)
        }
    }

    private static func crash(atStep last: Int, in folder: String) async throws {
        let store = try await FileObjectStore.open(path: folder, faults: killing(atStep: last))
        var random = SeededGenerator(seed: 5)
        let first = random.bytes(100_000)
        try await store.put(.bytes(ByteBuffer(bytes: first)), at: key(of: first))
        let second = random.bytes(200_000)
        let path = folder + ".source"
        try Data(second).write(to: URL(filePath: path))
        _ = try await store.putIfAbsent(.file(path: path, size: second.count), at: key(of: second))
    }

    private static func crashIngest(atStep last: Int, in folder: String) async throws {
        let store = try await FileObjectStore.open(path: folder + "/store", faults: killing(atStep: last))
        var random = SeededGenerator(seed: 9)
        _ = try await ingest([ByteBuffer(bytes: random.bytes(300_000))], into: store, in: folder)
    }

    private static func measureIngest(ofMegabytes count: Int, in folder: String) async throws {
        let store = try await FileObjectStore.open(path: folder + "/store")
        let piece = ByteBuffer(repeating: 7, count: 1 << 16)
        let id = try await ingest((0..<count * 16).lazy.map { _ in piece }, into: store, in: folder)
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.filter(\.isNumber) ?? ""
        let path = try await store.localFile(for: id.objectKey(.png)) ?? ""
        FileHandle.standardOutput.write(Data("\(peak)\n\(path)\n".utf8))
    }

    private static func ingest(
        _ pieces: some Sequence<ByteBuffer> & Sendable,
        into store: FileObjectStore,
        in folder: String
    ) async throws -> ContentDigest {
        var limits = OriginalStoreLimits()
        limits.bytesMax = 1 << 30
        let originals = try await OriginalStore.open(
            store: store,
            stagingPath: folder + "/staging",
            limits: limits,
            now: { Date(timeIntervalSince1970: 0) }
        )
        let remaining = Mutex(AnyIterator(pieces.makeIterator()))
        let stream = AsyncStream { remaining.withLock { $0.next() } }
        let facts = PictureFacts(format: .png, size: PixelSize(width: 1, height: 1), bytes: 0)
        return try await originals.ingest(stream) { _ in facts }.original.id
    }

    /// Has this process kill itself before a step of the file store.
    private static func killing(atStep last: Int) -> FileFaults {
        let steps = StepCount()
        return FileFaults { _ in
            if steps.next() == last { kill(getpid(), SIGKILL) }
            return nil
        }
    }

    private final class StepCount: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    private static func putWithoutEnd(seed: UInt64, in folder: String) async throws {
        let store = try await FileObjectStore.open(path: folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: seed &* 4 &+ UInt64(writer))
                    while true {
                        let bytes = random.bytes(Int.random(in: 1...300_000, using: &random))
                        let key = try key(of: bytes)
                        if Bool.random(using: &random) {
                            try await store.put(.bytes(ByteBuffer(bytes: bytes)), at: key)
                        } else {
                            _ = try await store.putIfAbsent(.bytes(ByteBuffer(bytes: bytes)), at: key)
                        }
                        FileHandle.standardOutput.write(Data((key.text + "\n").utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func key(of bytes: [UInt8]) throws -> ObjectKey {
        let hex = SHA256.hash(data: bytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        .joined()
        return try ObjectKey("objects/\(hex.prefix(1))/\(hex)")
    }
}
