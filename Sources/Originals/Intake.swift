import Crypto
import DeliveryTypes
import NIOCore
import ObjectStorage
import Synchronization

/// An upload on its way into a staged file, hashed as it is written.
///
/// Every verb blocks: call it on `FileThreads`.
final class Intake: Sendable {
    private let file: StagedFile
    private let hash = Mutex(SHA256())

    init(in folder: StagingFolder) throws(ObjectStoreError) {
        file = try folder.makeFile()
    }

    var path: String { file.path }

    func append(_ pieces: [ByteBuffer]) throws(ObjectStoreError) {
        for piece in pieces {
            hash.withLock { hash in
                // SAFETY: the pointer is used for the bytes it comes with, and only inside the closure.
                unsafe piece.withUnsafeReadableBytes { unsafe hash.update(bufferPointer: $0) }
            }
            try file.append(piece)
        }
    }

    /// The SHA-256 of all bytes so far.
    func digest() -> ContentDigest {
        ContentDigest(bytes: hash.withLock { Array($0.finalize()) })
    }

    func discard() { file.discard() }
}
