/// One worker process of a pool; never used twice.
package struct WorkerID: Hashable, Sendable, Comparable {
    package let number: UInt64

    package static func < (left: WorkerID, right: WorkerID) -> Bool { left.number < right.number }
}
