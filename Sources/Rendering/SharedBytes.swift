import CProcess
import Glibc
package import NIOCore

/// Read-only bytes behind a file descriptor, which can be handed to a render worker without copying.
///
/// They are either an open file (then nothing is in memory, and the file must not change: originals never do) or a
/// sealed memory file. The descriptor is closed with the last reference.
package final class SharedBytes: Sendable {
    /// Size in bytes when it was opened.
    package let count: Int
    let descriptor: OwnedDescriptor
    private let isSealed: Bool

    init(descriptor: OwnedDescriptor, count: Int, isSealed: Bool) {
        self.descriptor = descriptor
        self.count = count
        self.isSealed = isSealed
    }

    /// Copies bytes into memory that nobody can change any more.
    package convenience init(copying bytes: some Collection<UInt8>) throws(SharedBytesError) {
        let file = try Self.sealed(bytes)
        self.init(descriptor: file.descriptor, count: file.count, isSealed: true)
    }

    private static func sealed(
        _ bytes: some Collection<UInt8>
    ) throws(SharedBytesError) -> (descriptor: OwnedDescriptor, count: Int) {
        let writer = try SharedBytesWriter(limit: .max)
        try writer.append(bytes)
        return try writer.seal()
    }

    /// Copies the readable bytes of a buffer.
    package convenience init(copying buffer: ByteBuffer) throws(SharedBytesError) {
        try self.init(copying: buffer.readableBytesView)
    }

    /// Opens a regular file.
    ///
    /// A symbolic link as the last part of the path is not followed.
    package convenience init(openingFile path: String) throws(SharedBytesError) {
        let file = try Self.regularFile(path)
        self.init(descriptor: file.descriptor, count: file.count, isSealed: false)
    }

    private static func regularFile(
        _ path: String
    ) throws(SharedBytesError) -> (descriptor: OwnedDescriptor, count: Int) {
        do throws(SystemError) {
            // O_NONBLOCK: a named pipe in the file's place must not hold us up before it is refused.
            let descriptor = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            if let count = try descriptor.regularFileSize() { return (descriptor, count) }
        } catch {
            switch error.code {
            case ENOENT, ENOTDIR: throw .notFound
            case ELOOP: break
            default: throw .system(error)
            }
        }
        throw .notAFile
    }

    /// Copies a part, for sending it on in pieces.
    ///
    /// - Throws: `.outOfRange` unless all of `offset ..< offset + count` is there.
    package func read(at offset: Int, count wanted: Int) throws(SharedBytesError) -> ByteBuffer {
        guard offset >= 0, wanted >= 0, wanted <= count, offset <= count - wanted else { throw .outOfRange }
        var buffer = ByteBufferAllocator().buffer(capacity: wanted)
        var failure: SystemError?
        // SAFETY: the buffer offers room for at least `wanted` bytes, of which at most that many are written.
        _ = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { room in
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<wanted])
            do throws(SystemError) {
                return try unsafe descriptor.read(at: offset, into: part)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw .system(failure) }
        guard buffer.readableBytes == wanted else { throw .outOfRange }
        return buffer
    }

    /// The first `length` bytes, or all if there are fewer: enough to recognise a format.
    package func prefix(_ length: Int) throws(SharedBytesError) -> [UInt8] {
        Array(try read(at: 0, count: min(max(0, length), count)).readableBytesView)
    }

    /// Shows all bytes at once.
    ///
    /// Bytes in memory are not copied; a file is read first (it could be cut while it is looked at), so keep this to
    /// small ones.
    package func withBytes<Value>(_ body: (RawSpan) throws -> Value) throws -> Value {
        if !isSealed {
            let copy = try read(at: 0, count: count)
            return try body(copy.readableBytesSpan)
        }
        let mapped = try MappedBytes(descriptor, count: count)
        // SAFETY: the span cannot leave `body`, during which the mapping is alive.
        return try withExtendedLifetime(mapped) { try unsafe body(mapped.bytes.bytes) }
    }
}
