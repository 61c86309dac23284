import DeliveryTypes
import FoundationEssentials
import NIOCore
import ObjectStorage
import Synchronization

/// Which files an import is through with, so that a run that was cut off goes on where it was.
///
/// One line of JSON per finished file: `{"id":…,"modified":<ms since 1970>,"path":…,"size":…}`. The last line for a
/// path counts; a line that is not understood is passed over, and its file imported again, which is safe.
final class ImportJournal: Sendable {
    private struct Line: Codable {
        var id: ContentDigest
        var modified: Int
        var path: String
        var size: Int
    }

    private struct Entry {
        var id: ContentDigest
        var modified: Int
        var size: Int
    }

    private let file: LineFile
    private let threads: FileThreads
    private let entries: [String: Entry]
    private let unsynchronized = Mutex(0)

    /// After so many lines the file is made durable; as many files are imported again after a loss of power.
    private static let batchLines = 64

    private init(file: LineFile, entries: [String: Entry], threads: FileThreads) {
        self.file = file
        self.entries = entries
        self.threads = threads
    }

    static func open(path: String, threads: FileThreads) async throws(ObjectStoreError) -> ImportJournal {
        try await threads.run { () throws(ObjectStoreError) in
            var entries: [String: Entry] = [:]
            let decoder = JSONDecoder()
            let file = try LineFile(path: path) { text in
                // A line that a crash cut off says nothing: its file is imported again.
                guard let line = try? decoder.decode(Line.self, from: Data(text.utf8)) else { return }
                entries[line.path] = Entry(id: line.id, modified: line.modified, size: line.size)
            }
            return ImportJournal(file: file, entries: entries, threads: threads)
        }
    }

    /// The original that an earlier run made of the file, if the file has not changed since.
    func finished(_ file: FoundFile) -> ContentDigest? {
        guard let entry = entries[file.path], entry.size == file.size, entry.modified == file.modifiedMilliseconds
        else { return nil }
        return entry.id
    }

    func add(_ found: FoundFile, id: ContentDigest) async throws(ObjectStoreError) {
        let line = Line(id: id, modified: found.modifiedMilliseconds, path: found.path, size: found.size)
        let text = ByteBuffer(string: jsonLine(line) + "\n")
        let isDue = unsynchronized.withLock { count in
            count = (count + 1) % Self.batchLines
            return count == 0
        }
        try await threads.run { [file] () throws(ObjectStoreError) in
            try file.append(text)
            if isDue { try file.synchronize() }
        }
    }

    func synchronize() async throws(ObjectStoreError) {
        try await threads.run { [file] () throws(ObjectStoreError) in try file.synchronize() }
    }
}
