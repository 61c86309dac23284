import FoundationEssentials
import Glibc

extension FileCalls {
    /// Opens the folder at `path` and makes what is missing of it, durably.
    func openFolder(makingPath path: String) throws(Failure) -> OpenFile {
        do throws(Failure) {
            return try openFolder(path: path)
        } catch {
            if error.code != ENOENT { throw error }
        }
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        let cut = trimmed.lastIndex(of: "/")
        let parent: OpenFile
        switch cut {
        case nil: parent = try openFolder(path: ".")
        case trimmed.startIndex?: parent = try openFolder(path: "/")
        case let cut?: parent = try openFolder(makingPath: String(trimmed[..<cut]))
        }
        let name = cut.map { String(trimmed[trimmed.index(after: $0)...]) } ?? trimmed
        _ = try makeFolder(named: name, in: parent)
        try synchronizeFolder(parent)
        return try openFolder(path: path)
    }

    /// The open folders from `root` down through `names`, root first.
    func openFolders(_ names: some Sequence<Substring>, below root: OpenFile) throws(Failure) -> [OpenFile] {
        var folders = [root]
        for name in names {
            folders.append(try openFolder(named: String(name), in: folders[folders.count - 1]))
        }
        return folders
    }

    /// As `openFolders`, making those that are missing; they are durable after `synchronizeFolder` on all of them.
    func makeFolders(_ names: some Sequence<Substring>, below root: OpenFile) throws(Failure) -> [OpenFile] {
        var folders = [root]
        for name in names {
            let name = String(name)
            let parent = folders[folders.count - 1]
            do throws(Failure) {
                folders.append(try openFolder(named: name, in: parent))
            } catch {
                if error.code != ENOENT { throw error }
                _ = try makeFolder(named: name, in: parent)
                folders.append(try openFolder(named: name, in: parent))
            }
        }
        return folders
    }
}
