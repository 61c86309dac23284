import Glibc
package import NIOCore
import Synchronization

/// A text file that grows by whole lines and survives a crash up to the last `synchronize`.
///
/// A line that a crash cut off is removed when the file is opened again. One process at a time uses it. Every verb
/// blocks: call it on `FileThreads`.
package final class LineFile: Sendable {
    private let file: OpenFile
    private let calls = FileCalls()

    private static let pieceBytes = 1 << 20

    /// Opens the file at `path`, making it and its folder if need be, and calls `visit` with each of its lines.
    ///
    /// - Throws: `full`, `accessDenied` or `unavailable`.
    package init(path: String, visit: (Substring) -> Void) throws(ObjectStoreError) {
        let calls = calls
        file = try storeErrors { () throws(SystemCallFailure) in
            let cut = path.lastIndex(of: "/")
            let parent = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            let folder = try calls.openFolder(makingPath: parent)
            let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
            let file = try calls.openForAppending(named: name, in: folder)
            try calls.synchronizeFolder(folder)
            return file
        }
        let opened = file
        try storeErrors { () throws(SystemCallFailure) in
            let end = try Self.readLines(of: opened, calls: calls, visit)
            try calls.truncate(opened, to: end)
        }
    }

    /// Adds `lines`, each with its line feed.
    ///
    /// - Throws: `full`, `accessDenied` or `unavailable`.
    package func append(_ lines: ByteBuffer) throws(ObjectStoreError) {
        try storeErrors { () throws(SystemCallFailure) in try calls.write(lines, to: file) }
    }

    /// - Throws: `full` or `unavailable`.
    package func synchronize() throws(ObjectStoreError) {
        try storeErrors { () throws(SystemCallFailure) in try calls.synchronize(file) }
    }

    /// Calls `visit` with each whole line; where the last one ends.
    private static func readLines(
        of file: OpenFile,
        calls: FileCalls,
        _ visit: (Substring) -> Void
    ) throws(SystemCallFailure) -> Int {
        var end = 0
        var offset = 0
        var rest: [UInt8] = []
        while true {
            let piece = try calls.read(pieceBytes, at: offset, from: file)
            if piece.readableBytes == 0 { return end }
            offset += piece.readableBytes
            rest += piece.readableBytesView
            guard let last = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            for line in String(decoding: rest[..<last], as: UTF8.self).split(separator: "\n") { visit(line) }
            end += last + 1
            rest.removeSubrange(...last)
        }
    }
}
