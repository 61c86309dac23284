import Glibc
import NIOCore
import NIOPosix

/// Reads pictures from below one folder.
///
/// The path is walked segment by segment from the folder's own descriptor and no segment may be a symbolic link, so
/// neither `..` nor a link leads out, also not one that is put there meanwhile. Only regular files are read. The folder
/// itself may be reached through links.
struct LocalSource: Sendable {
    private static let pieceBytes = 1 << 20

    private let root: String

    init(root: String) {
        self.root = root
    }

    /// Streams the file's bytes into `receive`.
    func read(
        _ path: String,
        limits: FetchLimits,
        receive: (ByteBuffer) throws(SourceError) -> Void
    ) async throws(SourceError) -> SourceFacts {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !segments.contains(where: { ["", ".", ".."].contains($0) || $0.utf8.contains(0) }) else {
            throw .malformed("a local source is a path without empty, . and .. segments")
        }
        let file = try await onThread { [root] () throws(SourceError) in
            try OpenFile(root: root, segments: segments)
        }
        guard file.size <= limits.bytesMax else { throw .tooLarge(limit: limits.bytesMax) }
        var received = 0
        while let piece = try await onThread({ () throws(SourceError) in try file.read(atMost: Self.pieceBytes) }) {
            received += piece.readableBytes
            guard received <= limits.bytesMax else { throw .tooLarge(limit: limits.bytesMax) }
            guard !Task.isCancelled else { throw .cancelled }
            try receive(piece)
        }
        return SourceFacts(entityTag: file.entityTag)
    }

    /// Disks block; the threads for that are NIO's.
    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(SourceError) -> Value
    ) async throws(SourceError) -> Value {
        do {
            return try await NIOThreadPool.singleton.runIfActive(work)
        } catch let error as SourceError {
            throw error
        } catch {
            throw .cancelled
        }
    }
}
