/// What the threads of a disk tier share.
struct DiskParts: Sendable {
    let settings: DiskTierSettings
    let files: any SegmentFiles
    let index = DiskIndex()
    let shelf = SegmentShelf()
    let ledger = SpaceLedger()
    let counters: DiskCounters
    let desk: WriteDesk

    init(_ settings: DiskTierSettings, files: any SegmentFiles, elapsed: @escaping @Sendable () -> Duration) {
        self.settings = settings
        self.files = files
        counters = DiskCounters()
        desk = WriteDesk(settings, index: index, counters: counters, elapsed: elapsed)
    }
}
