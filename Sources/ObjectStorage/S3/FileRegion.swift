import NIOCore

/// A part of a caller's file on its way into a store; stays readable when the path is removed.
struct FileRegion: Sendable {
    let file: OpenFile
    let range: Range<Int>
    private let calls: FileCalls
    private let threads: FileThreads

    private init(file: OpenFile, range: Range<Int>, calls: FileCalls, threads: FileThreads) {
        self.file = file
        self.range = range
        self.calls = calls
        self.threads = threads
    }

    /// The whole file at `path`.
    ///
    /// - Throws: `sizeMismatch` unless it has `size` bytes; `accessDenied` or `unavailable` if it cannot be read.
    static func open(
        path: String,
        size: Int,
        threads: FileThreads
    ) async throws(ObjectStoreError) -> FileRegion {
        let calls = FileCalls()
        let (file, status) = try await threads.runUnlessCancelled { () throws(ObjectStoreError) in
            try storeErrors { () throws(SystemCallFailure) in
                let file = try calls.openForReading(path: path)
                return (file, try calls.status(of: file))
            }
        }
        guard status.kind == .file, status.size == size else {
            throw .sizeMismatch(expected: size, actual: status.kind == .file ? status.size : 0)
        }
        return FileRegion(file: file, range: 0..<size, calls: calls, threads: threads)
    }

    /// A part of this region, by its own offsets.
    func part(_ part: Range<Int>) -> FileRegion {
        let shifted = part.lowerBound + range.lowerBound..<part.upperBound + range.lowerBound
        precondition(range.contains(shifted), "a part lies inside")
        return FileRegion(file: file, range: shifted, calls: calls, threads: threads)
    }

    /// The region's bytes, read when they are pulled; fewer than there should be throw `sizeMismatch`.
    var bytes: ObjectBytes {
        ObjectBytes { [self] in
            var offset = range.lowerBound
            return { () async throws(ObjectStoreError) -> ByteBuffer? in
                let wanted = min(FileObjectStore.pieceBytes, range.upperBound - offset)
                guard wanted > 0 else { return nil }
                let start = offset
                let piece = try await threads.runUnlessCancelled { () throws(ObjectStoreError) in
                    try storeErrors { () throws(SystemCallFailure) in try calls.read(wanted, at: start, from: file) }
                }
                guard piece.readableBytes == wanted else {
                    throw .sizeMismatch(expected: range.upperBound, actual: start + piece.readableBytes)
                }
                offset += wanted
                return piece
            }
        }
    }
}
