package import Caching
import NIOPosix
package import ObjectStorage

extension SegmentStore {
    /// Threads of a store's own: one writes, one seals, one does what is short.
    private static let threads = 3
    /// How often a folder that another process has is looked at.
    private static let claimPause: Duration = .milliseconds(100)

    /// Opens the collector's folder, which is made if need be and taken for this process.
    ///
    /// Torn ends are cut off, and what an earlier process has left is lined up for shipping, also under the names that
    /// the node had before. Ends with `close`, or with `run`.
    ///
    /// `folder` is such as `DATA/usage/collector`; nothing else is kept there. `node` is this node's name, `nil` for
    /// the one that is kept in the folder, or else `newNode()`, which is kept from then on. `files` gives a folder by
    /// its path; real ones if not told otherwise.
    ///
    /// - Throws: `taken` after `settings.folderPatience`, `invalidNode`, `disk`, `full`, and `store` where a named
    ///   node's folder is new and the store does not say which numbers are taken.
    package static func open(
        folder: String,
        node: String?,
        store: any ObjectStore,
        settings: SegmentSettings = SegmentSettings(),
        newNode: @escaping @Sendable () -> String,
        clock: any Clock<Duration> = ContinuousClock(),
        files: @escaping @Sendable (String) -> any SegmentFiles = { FolderFiles(path: $0) },
        steps: SegmentSteps = .none
    ) async throws(MeteringError) -> SegmentStore {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        let folder = CollectorFolder(path: folder, files: files)
        do throws(MeteringError) {
            try await claim(folder, for: settings.folderPatience, clock, pool)
            let opened = try await pool.blocking { () throws(MeteringError) in
                try Opened(folder, node: node, newNode: newNode)
            }
            var found = opened.found
            if found.greatest == 0, !opened.isNewName {
                found.next = try await NumberSearch(store: store, node: opened.home.node).greatest() + 1
            }
            let parts = SegmentStoreParts(
                node: opened.home.node,
                folder: folder,
                homes: [opened.home] + opened.others.map(\.home),
                requests: opened.requests,
                writer: SegmentWriter(
                    home: opened.home,
                    number: found.next,
                    empty: found.empty,
                    freeBytesMin: settings.freeBytesMin,
                    steps: steps
                ),
                backlog: backlog(opened.others.map(\.found) + [found], salvages: settings.salvagesDamage),
                bytesCut: found.bytesCut,
                received: found.received,
                store: store,
                pool: pool
            )
            return SegmentStore(parts, settings: settings, clock: clock, steps: steps)
        } catch {
            folder.release()
            // It fails only for pools that were never started or cannot be stopped.
            try? await pool.shutdownGracefully()
            throw error
        }
    }

    /// Takes the folder for this process; looks again for a while when another has it.
    private static func claim(
        _ folder: CollectorFolder,
        for patience: Duration,
        _ clock: any Clock<Duration>,
        _ pool: NIOThreadPool
    ) async throws(MeteringError) {
        var left = patience
        while true {
            do throws(MeteringError) {
                return try await pool.blocking { () throws(MeteringError) in try folder.claim() }
            } catch {
                guard case .taken = error, left > .zero, !Task.isCancelled else { throw error }
            }
            left -= claimPause
            // Cancelled: then it ends with the condition above.
            try? await clock.sleep(for: claimPause)
        }
    }

    /// What was found on the disk, which is this process's by now.
    private struct Opened: Sendable {
        let home: NodeFolder
        let isNewName: Bool
        let found: SegmentRecovery.Found
        /// Of the names that the node had before.
        var others: [(home: NodeFolder, found: SegmentRecovery.Found)] = []
        let requests: SealRequests

        /// Blocks.
        init(_ folder: CollectorFolder, node: String?, newNode: () -> String) throws(MeteringError) {
            let name = try folder.name(node, newNode: newNode)
            isNewName = name.isNew
            let own = folder.home(of: name.node)
            home = own
            let asked = SealRequests(in: folder.path, files: folder.files)
            requests = asked
            try meteringErrors { () throws(DiskFailure) in
                try own.make()
                try asked.make()
            }
            for other in try folder.nodes() where other != own.node {
                let home = folder.home(of: other)
                try meteringErrors { () throws(DiskFailure) in try home.make() }
                others.append((home, try SegmentRecovery(home: home).run()))
            }
            try folder.synchronize()
            found = try SegmentRecovery(home: own).run()
        }
    }

    private static func backlog(_ found: [SegmentRecovery.Found], salvages: Bool) -> SegmentBacklog {
        var backlog = SegmentBacklog()
        for found in found {
            // Those that were sealed are older than those that were not.
            for segment in found.sealed { backlog.add(segment) }
            for stuck in found.stuck {
                if salvages { backlog.add(stuck.segment) } else { backlog.add(stuck) }
            }
            for segment in found.closed { backlog.add(segment) }
        }
        return backlog
    }
}
