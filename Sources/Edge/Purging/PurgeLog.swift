import Caching
import FoundationEssentials
import Glibc
import Synchronization
import SystemPackage

/// The durable list of purges of one node: what a restart must not forget, and the audit trail.
///
/// JSON lines, appended and synced before a purge is acknowledged; a line cut by a crash is ignored when the log is
/// read again. When a log is opened that has grown past `bytesMax`, one hard purge of everything takes the place of its
/// older half: that purges more than was asked for, never less.
package final class PurgeLog: Sendable {
    private struct State {
        var file: FileDescriptor
        var bytes: Int
        /// Whether the last line may lack its end.
        var isCut = false
    }

    private let state: Mutex<State>
    private let path: FilePath
    /// What was in the log when it was opened, oldest first.
    package let records: [PurgeRecord]

    package static let bytesMax = 16 * 1_024 * 1_024

    /// Opens or creates `purges.log` in a folder.
    ///
    /// - Throws: `EdgeFailure.storage` with the reason.
    package static func open(folder: String) throws(EdgeFailure) -> PurgeLog {
        let path = FilePath(folder).appending("purges.log")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var records: [PurgeRecord] = []
            if let data = FileManager.default.contents(atPath: path.string) {
                let decoder = JSONDecoder()
                for line in data.split(separator: UInt8(ascii: "\n")) {
                    // A line that a crash has cut cannot have been acknowledged.
                    if let record = try? decoder.decode(PurgeRecord.self, from: line) { records.append(record) }
                }
            }
            var kept = records
            if try data(records).count > bytesMax { kept = compacted(records) }
            // Rewritten whole: drops cut lines, and proves that the folder can be written to.
            let bytes = try data(kept)
            try bytes.write(to: URL(filePath: path.string), options: .atomic)
            let file = try FileDescriptor.open(path, .writeOnly, options: [.append])
            try PurgeLog.sync(file)
            return PurgeLog(path: path, file: file, bytes: bytes.count, records: kept)
        } catch {
            throw .storage("the purge log \(path) cannot be used: \(error)")
        }
    }

    private init(path: FilePath, file: FileDescriptor, bytes: Int, records: [PurgeRecord]) {
        self.path = path
        state = Mutex(State(file: file, bytes: bytes))
        self.records = records
    }

    deinit {
        state.withLock { state in
            // Everything was synced; there is nothing to do about a failure here.
            try? state.file.close()
        }
    }

    /// Appends a record; durable on return.
    ///
    /// - Throws: `EdgeFailure.storage`; the purge is then not to be acknowledged.
    @concurrent
    package func append(_ record: PurgeRecord) async throws(EdgeFailure) {
        do {
            let line = try Self.data([record])
            try state.withLock { state in
                // What was begun before and failed must not swallow this line.
                if state.isCut { _ = try state.file.writeAll([UInt8(ascii: "\n")]) }
                state.isCut = true
                _ = try state.file.writeAll(line)
                state.isCut = false
                try Self.sync(state.file)
                state.bytes += line.count
            }
        } catch {
            throw .storage("the purge could not be written to \(path): \(error)")
        }
    }

    /// The younger half behind one record that stands for the older half.
    static func compacted(_ records: [PurgeRecord]) -> [PurgeRecord] {
        let older = records.dropLast(records.count / 2)
        guard let last = older.max(by: { $0.sequence < $1.sequence }) else { return records }
        let all = PurgeRecord(
            sequence: last.sequence,
            scope: .everything,
            mode: .hard,
            author: "compaction",
            node: last.node
        )
        return [all] + records.suffix(records.count / 2)
    }

    private static func data(_ records: [PurgeRecord]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = Data()
        for record in records {
            data += try encoder.encode(record)
            data.append(UInt8(ascii: "\n"))
        }
        return data
    }

    private static func sync(_ file: FileDescriptor) throws {
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
