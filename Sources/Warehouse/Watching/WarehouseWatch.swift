import FoundationEssentials
import Synchronization

/// What the runs of this machine have left for people to see, read from their files.
///
/// Costs a look at some small files; the calls wait for nobody.
package final class WarehouseWatch: Sendable {
    package let folders: UsageFolders
    private let history: Mutex<RunHistory>

    /// More than any run has written there.
    package static let quarantineBytesMax = 4 << 20

    package init(_ folders: UsageFolders) {
        self.folders = folders
        history = Mutex(RunHistory(folders))
    }

    /// The run at work or the last one, and the newest entries of the history, the newest first.
    ///
    /// - Throws: `failed` if the process is ending.
    package func runs(limit: Int) async throws(WarehouseError) -> (progress: RunProgress?, entries: [RunEntry]) {
        try await Blocking.run { () throws(WarehouseError) in
            let progress = RunProgress.read(self.folders)
            let isAtWork = progress.map { $0.ending == nil } ?? true
            return (progress, self.history.withLock { $0.entries(limit: limit, isAtWork: isAtWork) })
        }
    }

    /// Whether a run has ever begun on this machine.
    package func hasRuns() async throws(WarehouseError) -> Bool {
        try await Blocking.run { () throws(WarehouseError) in
            FileManager.default.fileExists(atPath: self.folders.runs)
        }
    }

    /// The newest identities whose copies disagree, as JSON; `nil` if no run has written them.
    ///
    /// - Throws: `failed` if the process is ending.
    package func quarantine() async throws(WarehouseError) -> [UInt8]? {
        try await Blocking.run { () throws(WarehouseError) in
            BoundedFile.read(self.folders.quarantine, bytesMax: Self.quarantineBytesMax)
        }
    }

    /// The days on which the access log and the counts were compared; `nil` if they never were.
    ///
    /// - Throws: `failed` if the process is ending.
    package func reconciliation() async throws(WarehouseError) -> [ReconciledDay]? {
        try await Blocking.run { () throws(WarehouseError) in
            BoundedFile.read(self.folders.reconciliation, bytesMax: ReconciledDay.fileBytesMax)
                .flatMap { ReconciledDay.list($0) }
        }
    }

    /// When the export of this number was written, in milliseconds since 1970; `nil` if it is not there.
    ///
    /// - Throws: `failed` if the process is ending.
    package func exported(_ number: Int64) async throws(WarehouseError) -> Int64? {
        try await Blocking.run { () throws(WarehouseError) in
            let path = self.folders.exports + "/" + ManifestName.digits(Int(number)) + "/manifest.json"
            // Without the file there is no such export.
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let date = attributes?[.modificationDate] as? Date
            return date.map { Int64($0.timeIntervalSince1970 * 1000) }
        }
    }
}
