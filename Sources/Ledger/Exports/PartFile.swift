import Glibc

/// A file of an export, read once from its beginning to its end.
struct PartFile: ~Copyable {
    private let descriptor: Int32
    private let name: String
    private let number: Int64
    /// Bytes that it has.
    let size: Int

    private static let pieceBytes = 256 << 10

    /// - Throws: `damaged` if there is no such regular file, `folder` if it cannot be read.
    init(_ name: String, of number: Int64, in folder: String) throws(LedgerError) {
        let path = "\(folder)/\(name)"
        // O_NONBLOCK: a FIFO in its place must not hold the thread; it has no meaning for files.
        // SAFETY: the String lives as a NUL-terminated text for the duration of the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ELOOP {
                throw .damaged(DamagedExport(number: number, file: name, reason: "it is not there"))
            }
            throw .folder(reason: "\(path) cannot be opened (errno \(errno))")
        }
        var status = stat()
        // SAFETY: `status` is a local of the type that fstat fills in.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw .damaged(DamagedExport(number: number, file: name, reason: "it is no regular file"))
        }
        self.descriptor = descriptor
        self.name = name
        self.number = number
        size = Int(status.st_size)
    }

    deinit { Glibc.close(descriptor) }

    /// The next bytes; none at the end.
    ///
    /// - Throws: `folder`.
    func next() throws(LedgerError) -> [UInt8] {
        while true {
            var count = 0
            // SAFETY: the kernel writes at most the buffer's own count of bytes and says how many.
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, initialized in
                // SAFETY: as above.
                count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
                initialized = max(0, count)
            }
            if count >= 0 { return bytes }
            guard errno == EINTR else { throw .folder(reason: "\(name) of export \(number): errno \(errno)") }
        }
    }

    /// A whole small file.
    ///
    /// - Throws: `damaged` if it is not there or has more bytes, or `folder`.
    static func whole(
        _ name: String,
        of number: Int64,
        in folder: String,
        bytesMax: Int
    ) throws(LedgerError) -> [UInt8] {
        let file = try PartFile(name, of: number, in: folder)
        var bytes: [UInt8] = []
        while true {
            let piece = try file.next()
            if piece.isEmpty { return bytes }
            bytes += piece
            if bytes.count > bytesMax {
                throw .damaged(DamagedExport(number: number, file: name, reason: "more than \(bytesMax) bytes"))
            }
        }
    }
}
