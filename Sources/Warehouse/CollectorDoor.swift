import FoundationEssentials

/// How another process of this machine reaches the collector that has the folder: by files in it.
///
/// Who wants everything that was acknowledged so far in the object store makes a file in `requests/`; the collector
/// seals, ships, and removes the file (docs/formats/usage-segment.md).
package struct CollectorDoor: Sendable {
    /// The answer to a request.
    package enum Answer: Equatable, Sendable {
        /// Everything acknowledged before the request is in the store.
        case shipped
        /// Nobody has the folder (any more): whoever asks can take it.
        case free
    }

    /// What is at the collector's folder.
    package enum Occupancy: Equatable, Sendable {
        /// There is no such folder: nothing was ever collected here.
        case absent
        case free
        case taken
    }

    private let folder: String
    private let clock: any Clock<Duration>
    /// Collectors look every 200 ms; this is how often the answer is looked for.
    private static let look: Duration = .milliseconds(25)

    /// `folder` is `DATA/usage/collector`.
    package init(folder: String, clock: any Clock<Duration> = ContinuousClock()) {
        self.folder = folder
        self.clock = clock
    }

    package func occupancy() throws(WarehouseError) -> Occupancy {
        guard FileManager.default.fileExists(atPath: folder) else { return .absent }
        return try FileLock.isHeld(folder + "/lock") ? .taken : .free
    }

    /// Asks the collector to seal and ship.
    ///
    /// `name` is this request's own. A collector that has not answered after `patience` may be waiting for its store.
    ///
    /// - Throws: `store` when there was no answer in time, `disk`, or `stopped` if the task is cancelled.
    package func ask(name: String, patience: Duration = .seconds(60)) async throws(WarehouseError) -> Answer {
        guard try occupancy() == .taken else { return .free }
        let path = folder + "/requests/" + name
        do {
            try FileManager.default.createDirectory(atPath: folder + "/requests", withIntermediateDirectories: true)
        } catch {
            throw WarehouseError(.disk, "\(folder)/requests cannot be made: \(error)")
        }
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw WarehouseError(.disk, "\(path) cannot be made")
        }
        var waited: Duration = .zero
        while FileManager.default.fileExists(atPath: path) {
            if try occupancy() != .taken {
                withdraw(path)
                return .free
            }
            if waited >= patience {
                withdraw(path)
                throw WarehouseError(
                    .store,
                    "the collector at \(folder) has not shipped its segments within \(patience.components.seconds) s",
                    remedy: "look at the log of vitrine serve: its object store may be away; then run again"
                )
            }
            do { try await clock.sleep(for: Self.look) } catch {
                withdraw(path)
                throw .stopped
            }
            waited += Self.look
        }
        return .shipped
    }

    private func withdraw(_ path: String) {
        // A collector that sees it nevertheless ships once more, which does no harm.
        try? FileManager.default.removeItem(atPath: path)
    }
}
