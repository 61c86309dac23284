/// How an ``UnloadService`` works.
package struct UnloadSettings: Hashable, Sendable {
    package var pace: PaceSettings
    /// Rows of one batch, and so of one transaction; 1 to 100,000.
    package var batchRows: Int
    /// How often the folder of exports is looked at.
    package var scanInterval: Duration
    /// How long after an export that cannot be taken it is tried again.
    package var retryInterval: Duration

    package init(
        pace: PaceSettings = PaceSettings(),
        batchRows: Int = 1_000,
        scanInterval: Duration = .seconds(1),
        retryInterval: Duration = .seconds(15)
    ) {
        precondition((1...ExportLimits.batchRows).contains(batchRows), "a batch has 1 to 100,000 rows")
        self.pace = pace
        self.batchRows = batchRows
        self.scanInterval = scanInterval
        self.retryInterval = retryInterval
    }
}
