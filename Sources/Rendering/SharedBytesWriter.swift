import CProcess
package import NIOCore
import Synchronization

/// Collects bytes that arrive in pieces into memory outside the heap; `finish` makes them shareable.
///
/// Costs one copy. Used from one task at a time.
package final class SharedBytesWriter: Sendable {
    private let descriptor: OwnedDescriptor
    private let limit: Int
    private let written = Mutex(0)

    /// At most `limit` bytes may come.
    package init(limit: Int) throws(SharedBytesError) {
        do { descriptor = try OwnedDescriptor.memoryFile() } catch { throw .system(error) }
        self.limit = limit
    }

    /// Bytes so far.
    package var count: Int { written.withLock { $0 } }

    /// - Throws: `.tooLarge` when the limit would be passed; nothing of `bytes` is kept then.
    package func append(_ bytes: some Collection<UInt8>) throws(SharedBytesError) {
        let length = bytes.count
        guard length <= limit - count else { throw .tooLarge(limit: limit) }
        do { try descriptor.write(bytes) } catch { throw .system(error) }
        written.withLock { $0 += length }
    }

    /// - Throws: `.tooLarge` when the limit would be passed; nothing of `buffer` is kept then.
    package func append(_ buffer: ByteBuffer) throws(SharedBytesError) { try append(buffer.readableBytesView) }

    /// Ends the collection: appending fails from now on.
    package func finish() throws(SharedBytesError) -> SharedBytes {
        let (descriptor, count) = try seal()
        return SharedBytes(descriptor: descriptor, count: count, isSealed: true)
    }

    func seal() throws(SharedBytesError) -> (descriptor: OwnedDescriptor, count: Int) {
        do { _ = try SystemError.check(cprocess_seal(descriptor.number), "seal") } catch { throw .system(error) }
        return (descriptor, count)
    }
}
