import Caching
import Glibc
import NIOCore
import Synchronization

/// Real folders on one disk that does what a test tells it to.
final class FaultyDisk: Sendable {
    struct Faults: Sendable {
        /// Bytes that can still be written before the disk is full.
        var room: Int?
        var write: Int32?
        var create: Int32?
        var synchronize: Int32?
        var truncate: Int32?
        var remove: Int32?
        var freeBytes: Int?
        /// Faults are for files whose names end so; for all if it is empty.
        var suffix = ""
        var writes = 0
        /// Writes stand still while it is set.
        var isShut = false
    }

    private let state = Mutex(Faults())

    var faults: Faults { state.withLock { $0 } }

    func set(_ change: @Sendable (inout Faults) -> Void) { state.withLock { change(&$0) } }

    /// Everything is well again.
    func heal() { state.withLock { $0 = Faults() } }

    func files(_ path: String) -> any SegmentFiles { Folder(FolderFiles(path: path), self) }

    fileprivate func check(_ code: Int32?, _ call: String, _ name: String) throws(DiskFailure) {
        if let code, name.hasSuffix(faults.suffix) { throw DiskFailure(call: call, code: code) }
    }

    /// How many of `count` bytes may be written now.
    fileprivate func admit(_ count: Int, _ name: String) throws(DiskFailure) -> Int {
        state.withLock { $0.writes += 1 }
        while faults.isShut { sched_yield() }
        try check(faults.write, "pwritev", name)
        guard name.hasSuffix(faults.suffix) else { return count }
        let admitted = state.withLock { faults in
            let admitted = min(count, faults.room ?? count)
            faults.room = faults.room.map { $0 - admitted }
            return admitted
        }
        if admitted == 0 { throw DiskFailure(call: "pwritev", code: ENOSPC) }
        return admitted
    }

    private final class Folder: SegmentFiles {
        private let folder: FolderFiles
        private let disk: FaultyDisk

        init(_ folder: FolderFiles, _ disk: FaultyDisk) {
            self.folder = folder
            self.disk = disk
        }

        func claim() throws(DiskFailure) -> Bool { try folder.claim() }

        func release() { folder.release() }

        func names() throws(DiskFailure) -> [String] { try folder.names() }

        func create(_ name: String) throws(DiskFailure) -> any SegmentFile {
            try disk.check(disk.faults.create, "open", name)
            return File(try folder.create(name), name, disk)
        }

        func open(_ name: String) throws(DiskFailure) -> any SegmentFile { File(try folder.open(name), name, disk) }

        func remove(_ name: String) throws(DiskFailure) {
            try disk.check(disk.faults.remove, "unlink", name)
            try folder.remove(name)
        }

        func synchronizeNames() throws(DiskFailure) { try folder.synchronizeNames() }

        func freeBytes() throws(DiskFailure) -> Int { disk.faults.freeBytes ?? 1 << 40 }
    }

    private final class File: SegmentFile {
        private let file: any SegmentFile
        private let name: String
        private let disk: FaultyDisk

        init(_ file: any SegmentFile, _ name: String, _ disk: FaultyDisk) {
            self.file = file
            self.name = name
            self.disk = disk
        }

        var descriptor: Int32 { file.descriptor }

        func size() throws(DiskFailure) -> Int { try file.size() }

        func read(_ count: Int, at offset: Int) throws(DiskFailure) -> ByteBuffer { try file.read(count, at: offset) }

        func write(_ pieces: [ByteBuffer], at offset: Int) throws(DiskFailure) -> Int {
            var all = ByteBuffer()
            for piece in pieces { all.writeImmutableBuffer(piece) }
            let admitted = try disk.admit(all.readableBytes, name)
            return try file.write([all.getSlice(at: 0, length: admitted) ?? ByteBuffer()], at: offset)
        }

        func truncate(to size: Int) throws(DiskFailure) {
            try disk.check(disk.faults.truncate, "ftruncate", name)
            try file.truncate(to: size)
        }

        func synchronize() throws(DiskFailure) {
            try disk.check(disk.faults.synchronize, "fdatasync", name)
            try file.synchronize()
        }
    }
}
