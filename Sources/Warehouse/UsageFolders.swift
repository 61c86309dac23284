/// Where usage is kept below the data folder.
package struct UsageFolders: Equatable, Sendable {
    /// `DATA/usage`, absolute.
    package let root: String

    /// `data` is the data folder; `current` is the folder that a relative one is relative to.
    package init(data: String, current: String) {
        let whole = data.hasPrefix("/") ? data : current + "/" + data
        root = whole + "/usage"
    }

    /// The collector's: open segments, its lock and the requests to it.
    package var collector: String { root + "/collector" }
    /// What the runs read and write.
    package var warehouse: String { root + "/warehouse" }
    /// Segments that were fetched: `NODE/NUMBER-SHA.csv.zst`.
    package var segments: String { warehouse + "/segments" }
    /// Segments on their way.
    package var incoming: String { warehouse + "/incoming" }
    /// A record for each segment that is in the tables: `SHA.json`.
    package var landed: String { warehouse + "/landed" }
    /// The project's memory of what is landed and built.
    package var catalog: String { warehouse + "/catalog.sqlite" }
    /// The history of runs.
    package var runs: String { warehouse + "/runs" }
    /// What the next fetch goes on from.
    package var marks: String { warehouse + "/fetched.json" }
    /// What was exported for the service database.
    package var exports: String { warehouse + "/exports" }
    /// How far the run at work is, or how the last one ended.
    package var progress: String { warehouse + "/progress.json" }
    /// The newest identities whose copies disagree.
    package var quarantine: String { warehouse + "/quarantine.json" }
    /// Days on which the access log and the counts were compared.
    package var reconciliation: String { warehouse + "/reconciliation.json" }
    /// Held by a run from its first look at the store to its end.
    package var runLock: String { root + "/run.lock" }
}
