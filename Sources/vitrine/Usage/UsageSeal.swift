import FoundationEssentials
import Metering
import ObjectStorage
import Warehouse

/// Brings everything that was acknowledged on this machine into the object store.
struct UsageSeal {
    let folders: UsageFolders
    /// `--node`; `nil` for the name that is kept in the collector's folder.
    let node: String?
    let settings: SegmentSettings
    let store: any ObjectStore

    /// What was done, for people.
    enum Outcome: String, Sendable {
        case nothing = "nothing was ever collected here"
        case asked = "the running collector has sealed and shipped"
        case alone = "sealed and shipped"
    }

    /// Asks the collector that runs on the same data, or takes its place for a moment where none runs.
    ///
    /// - Throws: `WarehouseError`.
    func run() async throws(WarehouseError) -> Outcome {
        let door = CollectorDoor(folder: folders.collector)
        while true {
            if try door.occupancy() == .absent { return .nothing }
            if try await alone() { return .alone }
            let name = "usage-run-" + UUID().uuidString.lowercased()
            if try await door.ask(name: name) == .shipped { return .asked }
            // The collector ended meanwhile: its folder is free, or another one's.
        }
    }

    /// `false` if a collector has the folder.
    private func alone() async throws(WarehouseError) -> Bool {
        let segments: SegmentStore
        do throws(MeteringError) {
            segments = try await SegmentStore.open(
                folder: folders.collector,
                node: node,
                store: store,
                settings: settings,
                newNode: { "node-" + UUID().uuidString.lowercased().prefix(13) }
            )
        } catch {
            if case .taken = error { return false }
            throw Self.failure(error)
        }
        let result: Result<Void, MeteringError>
        do throws(MeteringError) {
            result = .success(try await segments.sealAndShip())
        } catch {
            result = .failure(error)
        }
        let stuck = segments.statistics.stuck
        await segments.close()
        if case .failure(let error) = result { throw Self.failure(error) }
        if !stuck.isEmpty {
            throw WarehouseError(
                .segments,
                "segments of this machine cannot be shipped: \(stuck.joined(separator: "; "))",
                remedy: "see docs/operations/usage.md, \"A damaged segment\""
            )
        }
        return true
    }

    private static func failure(_ error: MeteringError) -> WarehouseError {
        switch error {
        case .busy, .closed, .taken: WarehouseError(.busy, "\(error)", remedy: "run it again")
        case .full: WarehouseError(.disk, "\(error)", remedy: "make room, then run again")
        case .disk: WarehouseError(.disk, "\(error)")
        case .store: WarehouseError(.store, "\(error)", remedy: "look at --store; then run again")
        case .invalidNode: WarehouseError(.failed, "\(error)", remedy: "give another --node")
        case .damaged, .foreign:
            WarehouseError(.segments, "\(error)", remedy: "nothing was counted; see docs/operations/usage.md")
        }
    }
}
