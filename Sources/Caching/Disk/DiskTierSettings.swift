/// Where and how much the disk tier keeps.
///
/// Sizes are in bytes.
package struct DiskTierSettings: Sendable {
    /// A folder of the tier's own; made if need be.
    package var folder: String
    /// What all files together may take.
    package var budgetBytes: Int
    /// The size of a segment, the unit of eviction; lowered to an eighth of the budget if it is more.
    package var segmentBytes = 64 << 20
    /// The largest record; lowered to a quarter of the budget if it is more.
    ///
    /// A larger one than a segment gets a segment of its own.
    package var recordBytesMax = 1 << 30
    /// What may wait in memory to be written.
    package var queueBytesMax = 64 << 20
    package var queueRecordsMax = 8192
    /// Tombstones that may wait, apart from the records.
    package var queueRemovalsMax = 65_536
    /// Threads that read.
    package var readThreads = 4
    /// Reads that may wait for them.
    package var readsWaitingMax = 1024
    /// What the tier leaves free on the file system: it rather evicts, and writes nothing if that does not help.
    package var freeBytesMin = 256 << 20
    /// The part of a segment that eviction may carry over because it was hit, in percent; 0 is plain FIFO.
    package var reinsertedPercentMax = 25
    /// How long nothing is written after a failure; doubles with each failure after it up to `retryDelayMax`.
    package var retryDelay: Duration = .seconds(1)
    package var retryDelayMax: Duration = .seconds(60)
    /// Whether every batch is forced to the disk.
    ///
    /// Without it, everything written survives the death of the process; what a power failure takes is found by the
    /// checksums.
    package var synchronizesBatches = false

    package init(folder: String, budgetBytes: Int) {
        self.folder = folder
        self.budgetBytes = budgetBytes
    }

    /// The settings with sizes lowered to what the budget allows.
    ///
    /// - Throws: `invalidSettings`.
    func checked() throws(DiskTierError) -> DiskTierSettings {
        guard budgetBytes >= Self.budgetBytesMin else {
            throw .invalidSettings(reason: "the budget is less than \(Self.budgetBytesMin) bytes")
        }
        guard segmentBytes >= Self.segmentBytesMin, recordBytesMax > 0, queueBytesMax > 0, queueRecordsMax > 0,
            queueRemovalsMax >= 0, readThreads > 0, readsWaitingMax > 0, freeBytesMin >= 0,
            (0...100).contains(reinsertedPercentMax), retryDelay >= .zero, retryDelayMax >= retryDelay
        else { throw .invalidSettings(reason: "a size, number or delay is out of range") }
        var checked = self
        checked.segmentBytes = min(segmentBytes, budgetBytes / 8, Self.segmentBytesMax)
        checked.recordBytesMax = min(recordBytesMax, budgetBytes / 4, Self.segmentBytesMax)
        return checked
    }

    private static let budgetBytesMin = 64 << 10
    private static let segmentBytesMin = 4 << 10
    /// The index counts places and lengths in 32 bits.
    private static let segmentBytesMax = 2 << 30
}
