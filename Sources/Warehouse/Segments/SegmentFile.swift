import Crypto
import FoundationEssentials
import Glibc
import NIOCore
import ObjectStorage
import SystemPackage

/// A segment on its way into a file of this machine, hashed as it is written; all calls on files run on the threads
/// that are kept for such.
final class SegmentFile: Sendable {
    private let path: String
    /// Closed with the last reference.
    private let file: OpenDescriptor

    private static let pieceBytes = 256 << 10

    private init(path: String, file: OpenDescriptor) {
        self.path = path
        self.file = file
    }

    /// Makes an empty file.
    static func make(_ path: String) async throws(WarehouseError) -> SegmentFile {
        try await Blocking.run { () throws(WarehouseError) in
            do {
                let options: SystemPackage.FileDescriptor.OpenOptions = [.create, .truncate, .closeOnExec]
                let permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
                let file = try SystemPackage.FileDescriptor.open(
                    FilePath(path),
                    .writeOnly,
                    options: options,
                    permissions: permissions
                )
                return SegmentFile(path: path, file: OpenDescriptor(adopting: file.rawValue))
            } catch { throw Self.failure(path, error) }
        }
    }

    /// Writes the object's bytes; what is wrong with them, `nil` if they are the segment's.
    func receive(
        _ bytes: ObjectBytes,
        _ segment: StoredSegment,
        failure: (ObjectStoreError) -> WarehouseError
    ) async throws(WarehouseError) -> String? {
        var hash = SHA256()
        var count = 0
        var iterator = bytes.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do throws(ObjectStoreError) { piece = try await iterator.next() } catch { throw failure(error) }
            guard let piece else { break }
            let array = Array(piece.readableBytesView)
            hash.update(data: array)
            count += array.count
            if count > segment.bytes { return "has more than \(segment.bytes) bytes" }
            let (file, path) = (file, path)
            try await Blocking.run { () throws(WarehouseError) in
                do { _ = try SystemPackage.FileDescriptor(rawValue: file.number).writeAll(array) } catch {
                    throw Self.failure(path, error)
                }
            }
        }
        return Self.fault(count, Hexadecimal.text(hash.finalize()), segment)
    }

    /// Makes the bytes durable and gives the file its name.
    func publish(at place: String) async throws(WarehouseError) {
        let (file, path) = (file, path)
        try await Blocking.run { () throws(WarehouseError) in
            guard fdatasync(file.number) == 0 else { throw Self.failure(path, Errno(rawValue: errno)) }
            try FileSystem.rename(path, to: place)
        }
    }

    /// Removes the file.
    func discard() async {
        let path = path
        // A file that cannot be removed is removed by the next fetch.
        try? await Blocking.run { () throws(WarehouseError) in try? FileManager.default.removeItem(atPath: path) }
    }

    /// What is wrong with a file as this segment; `nil` if nothing is.
    static func fault(in path: String, _ segment: StoredSegment) async throws(WarehouseError) -> String? {
        try await Blocking.run { () throws(WarehouseError) in
            do throws(ObjectStoreError) {
                let file = try LocalFile(path: path)
                guard file.size == segment.bytes else { return "has \(file.size) bytes, not \(segment.bytes)" }
                var hash = SHA256()
                var offset = 0
                while true {
                    let piece = try file.read(pieceBytes, at: offset)
                    if piece.readableBytes == 0 { break }
                    hash.update(data: Array(piece.readableBytesView))
                    offset += piece.readableBytes
                }
                return fault(offset, Hexadecimal.text(hash.finalize()), segment)
            } catch {
                return "cannot be read: \(error)"
            }
        }
    }

    /// Gives a whole file another name, by way of `staged`; `false` if the two names are not in one file system.
    static func link(_ path: String, to staged: String, then place: String) async throws(WarehouseError) -> Bool {
        try await Blocking.run { () throws(WarehouseError) in
            do { try FileManager.default.linkItem(atPath: path, toPath: staged) } catch { return false }
            try FileSystem.rename(staged, to: place)
            return true
        }
    }

    private static func fault(_ count: Int, _ digest: String, _ segment: StoredSegment) -> String? {
        if count != segment.bytes { return "has \(count) bytes, not \(segment.bytes)" }
        return digest == segment.digest ? nil : "has the SHA-256 \(digest)"
    }

    private static func failure(_ path: String, _ error: any Error) -> WarehouseError {
        let isFull = (error as? Errno) == .noSpace
        return WarehouseError(
            .disk,
            isFull ? "there is no room left at \(path)" : "\(path) cannot be written: \(error)",
            remedy: isFull ? "make room, or choose another folder with --data" : nil
        )
    }
}
