import Caching
import Glibc
import NIOCore
import Synchronization

/// A real folder whose disk does what a test tells it to.
final class FaultyFiles: SegmentFiles {
    struct Faults: Sendable {
        /// Bytes that can still be written before the disk is full.
        var room: Int?
        var write: Int32?
        var create: Int32?
        var synchronize: Int32?
        var truncate: Int32?
        var freeBytes: Int?
        var writes = 0
        /// Writes stand still while it is set.
        var isShut = false
    }

    private let folder: FolderFiles
    private let state = Mutex(Faults())

    init(_ path: String) { folder = FolderFiles(path: path) }

    var faults: Faults { state.withLock { $0 } }

    func set(_ change: @Sendable (inout Faults) -> Void) { state.withLock { change(&$0) } }

    fileprivate func check(_ code: Int32?, _ call: String) throws(DiskFailure) {
        if let code { throw DiskFailure(call: call, code: code) }
    }

    /// How many of `count` bytes may be written now.
    fileprivate func admit(_ count: Int) throws(DiskFailure) -> Int {
        state.withLock { $0.writes += 1 }
        while faults.isShut { sched_yield() }
        try check(faults.write, "pwritev")
        let admitted = state.withLock { faults in
            let admitted = min(count, faults.room ?? count)
            faults.room = faults.room.map { $0 - admitted }
            return admitted
        }
        if admitted == 0 { throw DiskFailure(call: "pwritev", code: ENOSPC) }
        return admitted
    }

    func claim() throws(DiskFailure) -> Bool { try folder.claim() }

    func release() { folder.release() }

    func names() throws(DiskFailure) -> [String] { try folder.names() }

    func create(_ name: String) throws(DiskFailure) -> any SegmentFile {
        try check(faults.create, "open")
        return FaultyFile(try folder.create(name), self)
    }

    func open(_ name: String) throws(DiskFailure) -> any SegmentFile { FaultyFile(try folder.open(name), self) }

    func remove(_ name: String) throws(DiskFailure) { try folder.remove(name) }

    func synchronizeNames() throws(DiskFailure) { try folder.synchronizeNames() }

    func freeBytes() throws(DiskFailure) -> Int { faults.freeBytes ?? 1 << 40 }

    private final class FaultyFile: SegmentFile {
        private let file: any SegmentFile
        private let files: FaultyFiles

        init(_ file: any SegmentFile, _ files: FaultyFiles) {
            self.file = file
            self.files = files
        }

        var descriptor: Int32 { file.descriptor }

        func size() throws(DiskFailure) -> Int { try file.size() }

        func read(_ count: Int, at offset: Int) throws(DiskFailure) -> ByteBuffer { try file.read(count, at: offset) }

        func write(_ pieces: [ByteBuffer], at offset: Int) throws(DiskFailure) -> Int {
            var all = ByteBuffer()
            for piece in pieces { all.writeImmutableBuffer(piece) }
            let admitted = try files.admit(all.readableBytes)
            return try file.write([all.getSlice(at: 0, length: admitted) ?? ByteBuffer()], at: offset)
        }

        func truncate(to size: Int) throws(DiskFailure) {
            try files.check(files.faults.truncate, "ftruncate")
            try file.truncate(to: size)
        }

        func synchronize() throws(DiskFailure) {
            try files.check(files.faults.synchronize, "fdatasync")
            try file.synchronize()
        }
    }
}
