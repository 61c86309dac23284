import Crypto
import FoundationEssentials

/// The project that counts (the repository's folder `warehouse`), as the binary carries it.
///
/// **Promises.** `unpack` gives a folder that holds exactly the binary's files, beside what the project itself writes
/// there; the folder is named for their hash, so that two versions do not mix, and an edited copy is put right.
/// **Costs** a copy of the files at the first use, then one comparison. **Fails** with `disk`.
package struct WarehouseProject: Sendable {
    package let files: [WarehouseFile]
    /// SHA-256 over paths and bytes, 64 hexadecimal digits.
    package let digest: String

    /// In the order of their paths.
    package init(files: [WarehouseFile]) {
        self.files = files
        var hash = SHA256()
        for file in files {
            hash.update(data: Array("\(file.path.utf8.count) \(file.bytes.count)\n\(file.path)".utf8))
            hash.update(data: file.bytes)
        }
        digest = Hexadecimal.text(hash.finalize())
    }

    /// The files that this binary was built with.
    package static let embedded = WarehouseProject(files: EmbeddedFiles.all)

    /// The folder's name below `DATA/usage`.
    package var folderName: String { "warehouse-" + digest.prefix(16) }

    /// The names of the lists of packages, the second one only for Spark.
    package static let requirements = (all: "requirements.txt", spark: "requirements-spark.txt")

    /// Writes the files below `root` (`DATA/usage`), unless they are there; `unique` is a name of this call's own.
    ///
    /// - Returns: The folder's path.
    package func unpack(below root: String, unique: String) async throws(WarehouseError) -> String {
        let folder = root + "/" + folderName
        let staged = root + "/." + folderName + "-" + unique
        let replaced = staged + "-old"
        let files = files
        try await Blocking.run { () throws(WarehouseError) in
            if Self.holds(folder, files) { return }
            do {
                for file in files {
                    let path = staged + "/" + file.path
                    let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
                    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                    guard FileManager.default.createFile(atPath: path, contents: Data(file.bytes)) else {
                        throw WarehouseError(.disk, "\(path) cannot be written")
                    }
                }
                // Another process may have been quicker: a good copy is never moved away.
                if !Self.holds(folder, files), FileManager.default.fileExists(atPath: folder) {
                    try FileManager.default.moveItem(atPath: folder, toPath: replaced)
                }
                try FileSystem.rename(staged, to: folder)
            } catch {
                // What is in the way is a nuisance, not a fault: the next call uses other names.
                try? FileManager.default.removeItem(atPath: staged)
                if Self.holds(folder, files) { return }
                if let error = error as? WarehouseError { throw error }
                throw WarehouseError(.disk, "\(folder) cannot be written: \(error)", remedy: "choose another --data")
            }
            // As above.
            try? FileManager.default.removeItem(atPath: replaced)
        }
        return folder
    }

    /// Whether a folder has all files as they are.
    private static func holds(_ folder: String, _ files: [WarehouseFile]) -> Bool {
        files.allSatisfy { file in
            FileManager.default.contents(atPath: folder + "/" + file.path).map { $0.elementsEqual(file.bytes) } ?? false
        }
    }
}
