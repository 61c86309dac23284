/// One page of the files below a folder, in the order of their keys' bytes.
///
/// A folder counts as its name with a `/` behind it, which is how its files sort among its siblings (`a-b` < `a.c` <
/// `a/b`). Of each folder on the way only as many names are held as the page may need.
struct FolderListing {
    private let calls: FileCalls
    private let prefix: [UInt8]
    private let after: [UInt8]
    private let limit: Int
    private(set) var found: [ObjectMetadata] = []

    init(calls: FileCalls, prefix: ObjectPrefix, after: ObjectKey?, limit: Int) {
        self.calls = calls
        self.prefix = Array(prefix.text.utf8)
        self.after = after.map { Array($0.text.utf8) } ?? []
        self.limit = limit
    }

    /// Adds the files below `folder`, whose keys begin with `path`: empty, or ending in `/`.
    mutating func visit(_ folder: OpenFile, path: [UInt8]) throws(SystemCallFailure) {
        var floor = path
        while true {
            let (candidates, isComplete) = try candidates(in: folder, path: path, above: floor)
            for candidate in candidates {
                try visit(candidate, in: folder)
                if found.count == limit { return }
            }
            guard !isComplete, let last = candidates.last else { return }
            floor = last.key
        }
    }

    /// A name that may lead to objects of the page.
    private struct Candidate {
        /// With a `/` at the end for a folder.
        var key: [UInt8]
        var name: String
        var isFolder: Bool
    }

    private mutating func visit(_ candidate: Candidate, in folder: OpenFile) throws(SystemCallFailure) {
        do throws(SystemCallFailure) {
            if candidate.isFolder {
                try visit(calls.openFolder(named: candidate.name, in: folder), path: candidate.key)
                return
            }
            // A name that no key can have is not an object; whoever put it there did not use the store.
            guard let text = String(validating: candidate.key, as: UTF8.self), let key = try? ObjectKey(text) else {
                return
            }
            let status = try calls.status(named: candidate.name, in: folder)
            if status.kind == .file { found.append(ObjectMetadata(key: key, status: status)) }
        } catch {
            // It has gone since its name was read, or has become something else.
            if !error.isAbsence { throw error }
        }
    }

    /// The first names of the folder, in order, that may lead to objects of the page; whether these are all.
    private func candidates(
        in folder: OpenFile,
        path: [UInt8],
        above floor: [UInt8]
    ) throws(SystemCallFailure) -> (candidates: [Candidate], isComplete: Bool) {
        var kept: [Candidate] = []
        var isComplete = true
        let room = limit - found.count
        func order() { kept.sort { $0.key.lexicographicallyPrecedes($1.key) } }
        try calls.forEachName(in: folder) { (entry) throws(SystemCallFailure) in
            guard entry.kind != .other else { return }
            let isFolder = entry.kind == .folder
            if path.isEmpty, isFolder, entry.name.elementsEqual(FileObjectStore.stagingName.utf8) { return }
            let key = path + entry.name + (isFolder ? [UInt8(ascii: "/")] : [])
            guard floor.lexicographicallyPrecedes(key), mayLeadToObjects(key, isFolder: isFolder) else { return }
            // A name that is not UTF-8 belongs to no key; it could not be opened by it either.
            guard let name = String(validating: entry.name, as: UTF8.self) else { return }
            kept.append(Candidate(key: key, name: name, isFolder: isFolder))
            if kept.count >= max(4 * room, 64) {
                order()
                kept.removeLast(kept.count - room)
                isComplete = false
            }
        }
        order()
        // Between the kept ones beyond `room` others may have been dropped.
        if !isComplete { kept.removeLast(kept.count - room) }
        return (kept, isComplete)
    }

    private func mayLeadToObjects(_ key: [UInt8], isFolder: Bool) -> Bool {
        let matches = key.starts(with: prefix) || (isFolder && prefix.starts(with: key))
        let isLater = after.lexicographicallyPrecedes(key) || (isFolder && after.starts(with: key))
        return matches && isLater
    }
}
