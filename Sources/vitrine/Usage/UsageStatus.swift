import FoundationEssentials
import HTTPSemantics
import Warehouse

/// How far the counting is, from the files of this machine and the store's manifests.
struct UsageStatus: Sendable {
    var collector: CollectorDoor.Occupancy
    var store: String
    /// Segments that wait to be counted, and what they have; `nil` with the reason in `fault`.
    var waiting: SegmentFetch.Plan?
    var fault: WarehouseError?
    /// Whether a run is at work at this moment.
    var isRunning: Bool
    /// `nil` if the environment was not made yet.
    var python: String?
    var last: RunRecord?

    static func read(_ desk: UsageDesk) async throws -> UsageStatus {
        let folders = desk.folders
        var status = UsageStatus(
            collector: try CollectorDoor(folder: folders.collector).occupancy(),
            store: "",
            isRunning: try FileLock.isHeld(folders.runLock)
        )
        try await UsageStore.with(desk.configuration.store) { store in
            status.store = store.name
            do throws(WarehouseError) {
                status.waiting = try await SegmentFetch(store: store.store, folders: folders).plan(everything: false)
            } catch {
                if error.code == .stopped { throw error }
                status.fault = error
            }
        }
        let environment = PythonEnvironment(
            Requirements(
                files: [WarehouseProject.requirements.all],
                contents: WarehouseProject.embedded.files.filter { $0.path == WarehouseProject.requirements.all }
                    .map(\.bytes)
            ),
            root: folders.root,
            variables: desk.variables,
            control: desk.control
        )
        if try await environment.isWhole() { status.python = environment.python }
        status.last = try RunRecord.latest(in: folders.runs)
        return status
    }

    var lines: [String] {
        let waits: String
        if let waiting {
            waits =
                waiting.missing.isEmpty
                ? "none; all are in a row"
                : "\(UsageProgress.grouped(waiting.missing.count)), with \(UsageProgress.grouped(waiting.lines)) lines "
                    + "and \(UsageProgress.grouped(waiting.bytes)) bytes; all are in a row"
        } else {
            waits = fault?.reason ?? "unknown"
        }
        var lines = [
            "collector          \(collectorText)",
            "store              \(store)",
            "segments to count  \(waits)",
            "python             \(python ?? "no environment yet; the first run makes it")",
            "run at work        \(isRunning ? "yes" : "no")",
        ]
        guard let last else { return lines + ["last run           none"] }
        lines.append("last run           \(last.number)")
        return lines + last.lines.map { "  " + $0 }
    }

    var json: String {
        var members = [
            "\"collector\":\"\(collector)\"", "\"store\":" + JSONText.quoted(store), "\"running\":\(isRunning)",
            "\"python\":" + (python.map(JSONText.quoted) ?? "null"),
        ]
        if let waiting {
            members.append(
                "\"waiting\":{\"segments\":\(waiting.missing.count),\"lines\":\(waiting.lines),"
                    + "\"bytes\":\(waiting.bytes)}"
            )
        }
        if let fault { members.append("\"fault\":" + JSONText.quoted(fault.reason)) }
        members.append("\"last\":" + (last?.json ?? "null"))
        return "{" + members.joined(separator: ",") + "}"
    }

    private var collectorText: String {
        switch collector {
        case .absent: "nothing was ever collected here"
        case .free: "not running on this data"
        case .taken: "running"
        }
    }
}
