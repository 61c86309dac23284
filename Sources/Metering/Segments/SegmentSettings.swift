/// How much a `SegmentStore` holds, and when it seals and ships.
package struct SegmentSettings: Sendable {
    /// Bytes of lines, with 32 for each group, after which a segment is sealed; it is longer by at most one group.
    package var segmentBytes = 64 << 20
    /// A segment is sealed when its first line is so old.
    package var sealAfter: Duration = .seconds(10)
    /// Groups are written at least so far apart while more waits; a group that finds nobody before it goes at once.
    package var commitInterval: Duration = .milliseconds(1)
    /// Bytes that may wait to be written; more is refused as `busy`.
    package var waitingBytesMax = 64 << 20
    /// Bytes of one group, unless a single call has more.
    package var groupBytesMax = 8 << 20
    /// What a refused caller is told to wait.
    package var retryAfter: Duration = .seconds(1)
    /// Bytes of everything that is not shipped yet; what does not fit is refused as `full`.
    package var diskBytesMax = 16 << 30
    /// Bytes that stay free on the file system.
    package var freeBytesMin = 256 << 20
    /// Whether what is left of a damaged segment is shipped without what is lost, after somebody has decided so; its
    /// number would stay free otherwise, and whoever counts would stop there.
    package var salvagesDamage = false
    /// How often age and requests are looked at.
    package var tick: Duration = .milliseconds(100)
    /// The pause after a failed shipment, which doubles with each further one up to `pauseMax`.
    package var pauseMin: Duration = .milliseconds(250)
    package var pauseMax: Duration = .seconds(5)
    /// How long another process may keep the folder until opening it fails: a run that seals has it for moments.
    package var folderPatience: Duration = .zero
    /// What shipping may take when the service shuts down; what is left is shipped by the next start.
    package var shutdownMax: Duration = .seconds(10)

    package init() {}
}
