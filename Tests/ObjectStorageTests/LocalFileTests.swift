import Foundation
import NIOCore
import ObjectStorage
import Testing
import VitrineTesting

struct LocalFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a file is read in pieces, with its size")
    func read() async throws {
        var random = SeededGenerator(seed: 4)
        let bytes = random.bytes(700_000)
        let file = try LocalFile(path: folder.write(bytes, to: "x"))
        #expect(file.size == bytes.count)
        #expect(try await Array(file.bytes(on: FileThreads()).collect(upTo: 1 << 20).readableBytesView) == bytes)
        #expect(try Array(file.read(5, at: 10).readableBytesView) == Array(bytes[10..<15]))
        #expect(try file.read(5, at: 700_000).readableBytes == 0)
    }

    @Test("a folder and a missing file are errors, and a link is only followed on demand")
    func refused() throws {
        let link = folder.path(of: "link")
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: folder.write([1], to: "x")
        )
        #expect(throws: ObjectStoreError.self) { try LocalFile(path: link) }
        #expect(try LocalFile(path: link, followsLinks: true).size == 1)
        #expect(throws: ObjectStoreError.self) { try LocalFile(path: folder.path) }
        #expect(throws: ObjectStoreError.self) { try LocalFile(path: folder.path(of: "none")) }
    }

    @Test("a line file gives back its whole lines and cuts off the rest")
    func lines() throws {
        let path = folder.path(of: "new/lines")
        do {
            let file = try LineFile(path: path) { _ in Issue.record("a new file has no lines") }
            try file.append(ByteBuffer(string: "one\n"))
            try file.append(ByteBuffer(string: "two\nthr"))
            try file.synchronize()
        }
        var lines: [String] = []
        try LineFile(path: path) { lines.append(String($0)) }.append(ByteBuffer(string: "three\n"))
        #expect(lines == ["one", "two"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\nthree\n")
    }

    @Test("lines longer than a reading's pieces are whole")
    func longLines() throws {
        let path = folder.path(of: "lines")
        let long = String(repeating: "x", count: 1_500_000)
        try folder.write(Array("a\n\(long)\nb\n\(long)\n".utf8), to: "lines")
        var lengths: [Int] = []
        _ = try LineFile(path: path) { lengths.append($0.utf8.count) }
        #expect(lengths == [1, 1_500_000, 1, 1_500_000])
    }
}
