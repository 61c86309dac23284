import FoundationEssentials

/// The runs so far, from their records: `runs/NUMBER.json`, numbered from 1.
///
/// The folder is listed once; after that only the numbers that follow are looked for, however many runs there were.
package struct RunHistory: Sendable {
    private let folders: UsageFolders
    private var newest = 0

    /// Numbers that are looked at in vain, before the entries are taken to end.
    private static let gapMax = 50

    package init(_ folders: UsageFolders) { self.folders = folders }

    /// The newest entries, at most `limit`, the newest first.
    ///
    /// Blocks. `isAtWork` says whether a run is: without one, an entry that says so was interrupted.
    package mutating func entries(limit: Int, isAtWork: Bool) -> [RunEntry] {
        advance()
        var entries: [RunEntry] = []
        var missing = 0
        var number = newest
        while number > 0, entries.count < limit, missing < Self.gapMax {
            if let text = BoundedFile.read(path(number), bytesMax: 1 << 20),
                var entry = RunEntry(number: number, text: text)
            {
                if entry.status == .running, !isAtWork || number != newest { entry.status = .interrupted }
                entries.append(entry)
                missing = 0
            } else {
                missing += 1
            }
            number -= 1
        }
        return entries
    }

    /// Since when runs have not ended well, in milliseconds since 1970; `nil` if the last one did.
    ///
    /// What the first of them landed may not be exported.
    package static func unexportedSince(_ entries: [RunEntry]) -> Int64? {
        var since: Int64?
        for entry in entries {
            if entry.status == .succeeded { break }
            since = entry.started ?? since
        }
        return since
    }

    private mutating func advance() {
        let files = FileManager.default
        if newest == 0 || !files.fileExists(atPath: path(newest)) {
            // Without the folder, nothing ran here.
            let names = (try? files.contentsOfDirectory(atPath: folders.runs)) ?? []
            newest = names.compactMap { $0.hasSuffix(".json") ? Int($0.dropLast(5)) : nil }.max() ?? 0
        }
        while newest > 0, files.fileExists(atPath: path(newest + 1)) { newest += 1 }
    }

    private func path(_ number: Int) -> String { folders.runs + "/\(number).json" }
}
