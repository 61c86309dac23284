import NIOPosix
import ObjectStorage

/// What a `SegmentStore` is put together from when it has been opened.
struct SegmentStoreParts {
    var node: String
    var folder: CollectorFolder
    /// Of all nodes whose folders are there, also earlier names of this one.
    var homes: [NodeFolder]
    var requests: SealRequests
    var writer: SegmentWriter
    var backlog: SegmentBacklog
    var bytesCut: Int
    /// `received_us` of this node's newest line of before.
    var received: Int64?
    var store: any ObjectStore
    var pool: NIOThreadPool
}
