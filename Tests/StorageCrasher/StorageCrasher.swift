import Crypto
import Foundation
import NIOCore
import ObjectStorage
import Synchronization
import VitrineTesting

/// Puts objects into a folder until it is killed: by its parent, or by itself before a given step.
///
///     StorageCrasher FOLDER step N      two objects, SIGKILL before the N-th step of the file store; exit 0 if fewer
///     StorageCrasher FOLDER loop SEED   four writers without end; one line on standard output for each finished put
///
/// Every key ends in the SHA-256 of its object, so that whoever looks later can tell a whole one.
@main
struct StorageCrasher {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let number = UInt64(arguments[3]) else { exit(64) }
        switch arguments[2] {
        case "step": try await crash(atStep: Int(number), in: arguments[1])
        case "loop": try await putWithoutEnd(seed: number, in: arguments[1])
        default: exit(64)
        }
    }

    private static func crash(atStep last: Int, in folder: String) async throws {
        let steps = Mutex(0)
        let store = try await FileObjectStore.open(
            path: folder,
            faults: FileFaults { _ in
                let step = steps.withLock { steps in
                    steps += 1
                    return steps
                }
                if step == last { kill(getpid(), SIGKILL) }
                return nil
            }
        )
        var random = SeededGenerator(seed: 5)
        let first = random.bytes(100_000)
        try await store.put(.bytes(ByteBuffer(bytes: first)), at: key(of: first))
        let second = random.bytes(200_000)
        let path = folder + ".source"
        try Data(second).write(to: URL(filePath: path))
        _ = try await store.putIfAbsent(.file(path: path, size: second.count), at: key(of: second))
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
