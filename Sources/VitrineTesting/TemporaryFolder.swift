import FoundationEssentials

/// A new, empty folder of a test's own; removed with everything in it when the last reference goes.
package final class TemporaryFolder: Sendable {
    /// Absolute.
    package let path: String

    package init() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/vitrine-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        path = folder
    }

    deinit {
        // What cannot be removed is left to whoever cleans the machine's temporary folder.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name` in the folder.
    package func path(of name: String) -> String { path + "/" + name }

    /// Writes a file there; its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path(of: name)
        if let cut = file.lastIndex(of: "/") {
            try FileManager.default.createDirectory(atPath: String(file[..<cut]), withIntermediateDirectories: true)
        }
        guard FileManager.default.createFile(atPath: file, contents: Data(bytes)) else {
            throw CocoaError(.fileWriteUnknown)
        }
        return file
    }

    /// The paths of all files in it, relative and sorted.
    package func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
            let type = try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.type] as? FileAttributeType
            return type != .typeDirectory
        }
        .sorted()
    }
}
