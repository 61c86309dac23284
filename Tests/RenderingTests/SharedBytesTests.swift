import Foundation
import Glibc
import NIOCore
import Rendering
import Testing

@Suite struct SharedBytesTests {
    /// Calls `body` with a fresh folder, gone afterwards.
    private func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shared-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path)
    }

    private let sample = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test("copied bytes are read back in pieces, at the start and whole")
    func copied() throws {
        let shared = try SharedBytes(copying: sample)
        #expect(shared.count == sample.count)
        #expect(try shared.read(at: 5_000, count: 3).readableBytesView.elementsEqual(sample[5_000..<5_003]))
        #expect(try shared.prefix(4) == Array(sample[..<4]))
        #expect(try shared.prefix(1 << 30) == sample)
        #expect(try shared.withBytes { $0.byteCount } == sample.count)
        // SAFETY: the span has 10,000 bytes.
        let last = try shared.withBytes { unsafe $0.unsafeLoad(fromByteOffset: 9_999, as: UInt8.self) }
        #expect(last == sample[9_999])
    }

    @Test("a file's bytes are read in pieces and never held")
    func file() throws {
        try withFolder { folder in
            let path = folder + "/file"
            try Data(sample).write(to: URL(filePath: path))
            let shared = try SharedBytes(openingFile: path)
            #expect(shared.count == sample.count)
            var copy = ByteBuffer()
            for offset in stride(from: 0, to: shared.count, by: 777) {
                copy.writeImmutableBuffer(try shared.read(at: offset, count: min(777, shared.count - offset)))
            }
            #expect(copy.readableBytesView.elementsEqual(sample))
            #expect(try shared.withBytes { $0.byteCount } == sample.count)
        }
    }

    @Test("what is no regular file is refused at once")
    func notAFile() throws {
        try withFolder { folder in
            try Data(sample).write(to: URL(filePath: folder + "/file"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link",
                withDestinationPath: folder + "/file"
            )
            // SAFETY: the string is valid during the call.
            #expect(unsafe mkfifo(folder + "/pipe", 0o600) == 0)
            #expect(throws: SharedBytesError.notFound) { try SharedBytes(openingFile: folder + "/none") }
            #expect(throws: SharedBytesError.notFound) { try SharedBytes(openingFile: folder + "/file/below") }
            for name in ["", "/link", "/pipe"] {
                #expect(throws: SharedBytesError.notAFile) { try SharedBytes(openingFile: folder + name) }
            }
        }
    }

    @Test("ranges outside are refused", arguments: [(-1, 1), (0, -1), (0, 11), (10, 1), (11, 0), (1, .max), (.max, 1)])
    func ranges(offset: Int, count: Int) throws {
        let shared = try SharedBytes(copying: sample[..<10])
        #expect(throws: SharedBytesError.outOfRange) { try shared.read(at: offset, count: count) }
        #expect(try shared.read(at: 10, count: 0).readableBytes == 0)
    }

    @Test("a file that was cut meanwhile is an error, not a crash")
    func cut() throws {
        try withFolder { folder in
            try Data(sample).write(to: URL(filePath: folder + "/file"))
            let shared = try SharedBytes(openingFile: folder + "/file")
            // SAFETY: the string is valid during the call.
            #expect(unsafe truncate(folder + "/file", 100) == 0)
            #expect(throws: SharedBytesError.outOfRange) { try shared.read(at: 50, count: 100) }
            #expect(throws: SharedBytesError.outOfRange) { try shared.withBytes { $0.byteCount } }
        }
    }

    @Test("pieces are collected up to the limit")
    func writer() throws {
        let writer = try SharedBytesWriter(limit: 100)
        try writer.append(ByteBuffer(bytes: sample[..<60]))
        try writer.append(sample[60..<100])
        #expect(throws: SharedBytesError.tooLarge(limit: 100)) { try writer.append([1]) }
        let shared = try writer.finish()
        #expect(try shared.prefix(200) == Array(sample[..<100]))
        #expect(shared.count == 100)
    }

    @Test("after the end nothing can be added")
    func sealed() throws {
        let writer = try SharedBytesWriter(limit: 100)
        try writer.append([1, 2, 3])
        let shared = try writer.finish()
        #expect(throws: SharedBytesError.self) { try writer.append([4]) }
        #expect(try shared.prefix(10) == [1, 2, 3])
    }

    @Test("nothing is something that can be shared")
    func empty() throws {
        let shared = try SharedBytesWriter(limit: 0).finish()
        #expect(shared.count == 0)
        #expect(try shared.withBytes { $0.byteCount } == 0)
        #expect(try shared.prefix(1) == [])
    }
}
