/// A segment that is compressed and has a manifest, and is to be shipped.
struct SealedSegment: Sendable {
    let home: NodeFolder
    let manifest: SegmentManifest

    var number: UInt64 { manifest.number }
    var name: String { home.describe(number) }
    /// Bytes of its files, near enough.
    var bytes: Int { manifest.bytes }
}
