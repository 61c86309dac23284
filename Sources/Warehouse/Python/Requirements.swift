import Crypto

/// The packages that an environment holds, as one or more lists in pip's format.
package struct Requirements: Equatable, Sendable {
    /// Absolute paths.
    package let files: [String]
    /// SHA-256 over the lists' bytes, as 64 hexadecimal digits: another list is another environment.
    package let digest: String

    /// `contents` are the files' bytes.
    package init(files: [String], contents: [[UInt8]]) {
        precondition(files.count == contents.count)
        self.files = files
        var hash = SHA256()
        for content in contents {
            hash.update(data: Array("\(content.count)\n".utf8))
            hash.update(data: content)
        }
        digest = Hexadecimal.text(hash.finalize())
    }

    /// The folder's name below `DATA/usage`.
    package var folderName: String { "python-" + digest.prefix(16) }
}
