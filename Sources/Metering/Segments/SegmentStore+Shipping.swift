import Synchronization

extension SegmentStore {
    /// Compression of a segment that ended by its age, and where lines come faster than that or more waits behind it.
    private static let calmLevel: Int32 = 3
    private static let busyLevel: Int32 = 1

    /// Seals what is closed, oldest first; what is damaged is set aside.
    ///
    /// - Throws: `disk`, `full`: trying again may help. `closed`.
    func sealAll() async throws(MeteringError) {
        await sealing.enter()
        defer { sealing.leave() }
        while let (segment, hasMore) = state.withLock({ state in
            state.backlog.closed.first.map { ($0.segment, state.backlog.closed.count > 1) }
        }) {
            let sealer = SegmentSealer(steps: steps, salvages: settings.salvagesDamage)
            let isBusy = hasMore || segment.bytes >= settings.segmentBytes
            let level = isBusy ? Self.busyLevel : Self.calmLevel
            do throws(MeteringError) {
                let (sealed, reading) = try await pool.blocking { () throws(MeteringError) in
                    try sealer.seal(segment, level: level)
                }
                state.withLock { state in
                    state.backlog.sealFirst(as: sealed)
                    state.statistics.bytesCut += reading.bytesCut
                    state.statistics.groupsLost += reading.groupsLost
                }
                // Now, since sealing may go on for as long as lines come.
                shipBell.ring()
            } catch {
                guard case .damaged = error else { throw error }
                state.withLock { $0.backlog.stickFirstClosed(error) }
            }
        }
    }

    /// Ships what is sealed, oldest first; what cannot ever be is set aside.
    ///
    /// - Throws: `store`, `disk`, `full`: trying again may help. `closed`.
    func shipAll() async throws(MeteringError) {
        await shipping.enter()
        defer { shipping.leave() }
        while let (order, segment) = state.withLock({ $0.backlog.sealed.first }) {
            do throws(MeteringError) {
                try await shipper.ship(segment)
                state.withLock { state in
                    state.backlog.ship(order)
                    state.statistics.add(shipped: segment.manifest)
                }
            } catch {
                state.withLock { $0.statistics.shipmentsFailed += 1 }
                switch error {
                case .damaged, .foreign:
                    state.withLock { $0.backlog.stick(order, error, salvages: settings.salvagesDamage) }
                    sealBell.ring()
                default: throw error
                }
            }
        }
    }
}

extension SegmentStatistics {
    fileprivate mutating func add(shipped manifest: SegmentManifest) {
        segmentsShipped += 1
        linesShipped += manifest.lines
        bytesShipped += manifest.bytes
        if let last = manifest.received?.upperBound {
            shippedReceivedMicroseconds = max(shippedReceivedMicroseconds ?? last, last)
        }
    }
}
