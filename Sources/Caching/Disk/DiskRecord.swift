package import NIOCore

/// What the disk tier keeps under one key: the tier understands nothing of it but the lengths.
package struct DiskRecord: Hashable, Sendable {
    package var key: EntryKey
    /// The key's full text; a read that names another text finds nothing.
    ///
    /// At most 65,535 bytes of UTF-8.
    package var name: String
    /// Opaque to the tier, such as a stored head.
    ///
    /// At most 1 MiB.
    package var metadata: ByteBuffer
    /// At most `DiskTierSettings.recordBytesMax` together with name and metadata.
    package var body: ByteBuffer
    /// What making it cost, in milliseconds; kept with it, not used.
    package var costMilliseconds: Float
    /// When it was stored: milliseconds since 1970, by the caller's clock.
    package var storedMilliseconds: Int64

    package init(
        key: EntryKey,
        name: String,
        metadata: ByteBuffer,
        body: ByteBuffer,
        costMilliseconds: Float,
        storedMilliseconds: Int64
    ) {
        self.key = key
        self.name = name
        self.metadata = metadata
        self.body = body
        self.costMilliseconds = costMilliseconds
        self.storedMilliseconds = storedMilliseconds
    }
}
