import Caching
import Glibc
import NIOCore
import Synchronization

/// A folder in memory.
final class MemoryFiles: SegmentFiles {
    private let contents: Mutex<[String: [UInt8]]>

    init(_ contents: [String: [UInt8]]) { self.contents = Mutex(contents) }

    func claim() throws(DiskFailure) -> Bool { true }

    func release() {}

    func names() throws(DiskFailure) -> [String] { contents.withLock { Array($0.keys) } }

    func create(_ name: String) throws(DiskFailure) -> any SegmentFile {
        contents.withLock { $0[name] = [] }
        return try open(name)
    }

    func open(_ name: String) throws(DiskFailure) -> any SegmentFile {
        guard contents.withLock({ $0[name] }) != nil else { throw DiskFailure(call: "open", code: ENOENT) }
        return File(name, self)
    }

    func remove(_ name: String) throws(DiskFailure) { contents.withLock { $0[name] = nil } }

    func synchronizeNames() throws(DiskFailure) {}

    func freeBytes() throws(DiskFailure) -> Int { 1 << 40 }

    private final class File: SegmentFile {
        private let name: String
        private let files: MemoryFiles

        init(_ name: String, _ files: MemoryFiles) {
            self.name = name
            self.files = files
        }

        var descriptor: Int32 { -1 }
        private var bytes: [UInt8] { files.contents.withLock { $0[name] ?? [] } }

        func size() throws(DiskFailure) -> Int { bytes.count }

        func read(_ count: Int, at offset: Int) throws(DiskFailure) -> ByteBuffer {
            ByteBuffer(bytes: bytes.dropFirst(offset).prefix(count))
        }

        func write(_ pieces: [ByteBuffer], at offset: Int) throws(DiskFailure) -> Int {
            var all = bytes
            for piece in pieces { all += piece.readableBytesView }
            let (changed, count) = (all, all.count - bytes.count)
            files.contents.withLock { $0[name] = changed }
            return count
        }

        func truncate(to size: Int) throws(DiskFailure) {
            files.contents.withLock { $0[name]?.removeSubrange(size...) }
        }

        func synchronize() throws(DiskFailure) {}
    }
}
