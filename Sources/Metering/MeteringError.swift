package import Caching
package import ObjectStorage

/// Why events were not taken, kept or shipped.
package enum MeteringError: Error, Sendable {
    /// Too much waits to be written. Nothing of the call was kept; try again after the time.
    case busy(retryAfter: Duration)
    /// The disk, or the part of it that segments may take, has no room. Nothing of the call was kept; trying again
    /// helps only after segments were shipped or something was removed.
    case full
    /// A call to the operating system failed. Whether the call's lines are kept is not known; trying again is safe,
    /// since equal events have equal identities.
    case disk(DiskFailure)
    /// What is behind this seam has ended, or is about to. Nothing of the call was kept.
    case closed
    /// Another process has the collector's folder.
    case taken(folder: String)
    /// The caller's fault: a node is named by 1 to 64 letters, digits, `.`, `_` and `-`, beginning with a letter or
    /// digit, and not `lock`, `name` or `requests`.
    case invalidNode(String)
    /// The object store failed; its error says whether to try again. Everything stays on the disk.
    case store(ObjectStoreError)
    /// A segment on this node's disk is not what was written. It is left where it is, and its number stays free, so
    /// that whoever counts notices. Trying again does not help.
    case damaged(segment: String, reason: String)
    /// The store has another segment under this node's name and number: two collectors have one name, or a folder was
    /// restored from a copy. Nothing was overwritten; trying again does not help.
    case foreign(manifest: ObjectKey)
}

extension MeteringError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .busy: "too much waits to be written"
        case .full: "there is no room for more events"
        case .disk(let failure): "the events could not be written (\(failure))"
        case .closed: "closed"
        case .taken(let folder): "another process uses \(folder)"
        case .invalidNode(let name): "\(name) is no name of a node"
        case .store(let error): "the segment could not be shipped: \(error)"
        case .damaged(let segment, let reason): "the segment \(segment) is damaged: \(reason)"
        case .foreign(let manifest): "there is another segment at \(manifest)"
        }
    }
}
