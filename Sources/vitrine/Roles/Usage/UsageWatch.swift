import FoundationEssentials
import JSON
import Ledger
import ObjectStorage
import ServiceLifecycle
import Synchronization
import Warehouse

/// Keeps a picture of the counting: from the files of its runs, the store and the unloading.
///
/// Runs are other processes, so this looks: at small files whenever somebody asks, at the store every 30 seconds.
final class UsageWatch: Service {
    static let entriesMax = 20
    private static let interval: Duration = .seconds(30)

    let warehouse: WarehouseWatch
    private let store: any ObjectStore
    private let unload: UnloadService?
    private let picture = Mutex(UsagePicture())

    init(_ folders: UsageFolders, store: any ObjectStore, unload: UnloadService?) {
        warehouse = WarehouseWatch(folders)
        self.store = store
        self.unload = unload
    }

    /// The last picture, without a look at anything.
    var current: UsagePicture { picture.withLock { $0 } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var trail = SegmentTrail(store: self.store, folders: self.warehouse.folders)
            while !Task.isCancelled {
                await self.look(&trail)
                _ = await self.fresh()
                // Ended by the shutdown alone.
                try? await ContinuousClock().sleep(for: Self.interval)
            }
        }
    }

    /// The picture, with what can be had from files read anew.
    func fresh() async -> UsagePicture {
        var next = current
        // A process that is ending shows what it knew.
        if let runs = try? await warehouse.runs(limit: Self.entriesMax) {
            next.progress = runs.progress
            next.entries = runs.entries
        }
        // As above.
        next.reconciliation = (try? await warehouse.reconciliation()) ?? nil
        next.unappliedSince = await unapplied()
        let run = next.entries.first { $0.status == .succeeded }?.number
        if run != next.quarantineRun {
            next.quarantineRun = run
            // As above.
            next.quarantined = ((try? await warehouse.quarantine()) ?? nil).flatMap(Self.total)
        }
        let found = next
        picture.withLock { picture in
            // What the store said meanwhile stands.
            let (waiting, fault) = (picture.waiting, picture.storeFault)
            picture = found
            picture.waiting = waiting
            picture.storeFault = fault
        }
        return current
    }

    private func look(_ trail: inout SegmentTrail) async {
        // Where no run ever was, another machine may count; everything would seem to wait.
        guard (try? await warehouse.hasRuns()) == true else { return }
        let outcome: Result<SegmentTrail.Waiting, WarehouseError>
        do throws(WarehouseError) {
            outcome = .success(try await trail.look())
        } catch {
            if error.code == .stopped { return }
            outcome = .failure(error)
        }
        picture.withLock { picture in
            switch outcome {
            case .success(let waiting): (picture.waiting, picture.storeFault) = (waiting, nil)
            case .failure(let error): (picture.waiting, picture.storeFault) = (nil, error.reason)
            }
        }
    }

    private func unapplied() async -> Int64? {
        guard let now = unload?.statistics, now.exportSeen > now.exportApplied else { return nil }
        // A process that is ending need not know.
        return (try? await warehouse.exported(now.exportApplied + 1)) ?? nil
    }

    /// How many identities there are, those beyond the file's included.
    private static func total(_ file: [UInt8]) -> Int? {
        // What cannot be read says nothing.
        let value = try? JSONParser(limits: JSONLimits(bytesMax: WarehouseWatch.quarantineBytesMax)).value(from: file)
        return value?["total"]?.double.flatMap { Int(exactly: $0) }
    }
}
