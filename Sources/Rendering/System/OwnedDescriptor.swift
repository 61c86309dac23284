import CProcess
import Glibc

/// An open file descriptor, closed with its last reference.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(adopting number: Int32) { self.number = number }

    /// Opens a file, close-on-exec.
    convenience init(opening path: String, flags: Int32) throws(SystemError) {
        // SAFETY: the string is valid during the call.
        self.init(adopting: try SystemError.checkErrno(unsafe open(path, flags | O_CLOEXEC), "open"))
    }

    /// An empty file in memory, to be sealed later.
    static func memoryFile() throws(SystemError) -> OwnedDescriptor {
        // SAFETY: the string is valid during the call.
        let file = unsafe cprocess_memory_file("vitrine-bytes")
        return OwnedDescriptor(adopting: try SystemError.check(file, "memfd_create"))
    }

    deinit { close(number) }

    /// Writes all of it, waiting as needed.
    func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        let write = { (storage: UnsafeRawBufferPointer) in unsafe Self.writeAll(storage, to: self.number) }
        // SAFETY: the storage outlives the call, which reads only as much as there is.
        let direct = bytes.withContiguousStorageIfAvailable { unsafe write(UnsafeRawBufferPointer($0)) }
        if let error = direct ?? (unsafe Array(bytes).withUnsafeBytes(write)) { throw error }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to number: Int32) -> SystemError? {
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is within the buffer.
            let written = unsafe Glibc.write(number, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return SystemError(call: "write", code: errno) }
            done += written
        }
        return nil
    }

    /// Reads up to `capacity` bytes into `buffer` from its start; 0 is the end, `nil` nothing at the moment.
    func read(into buffer: inout [UInt8], capacity: Int) throws(SystemError) -> Int? {
        precondition(capacity <= buffer.count)
        while true {
            // SAFETY: at most `capacity` bytes are written, which the array holds.
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, capacity) }
            if count >= 0 { return count }
            if errno == EINTR { continue }
            if errno == EAGAIN { return nil }
            throw SystemError(call: "read", code: errno)
        }
    }

    /// Fills up to `count` bytes from a place in the file; fewer only at its end.
    func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is within the buffer.
            let target = unsafe bytes.baseAddress.map { unsafe $0 + done }
            let count = unsafe pread(number, target, bytes.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(call: "pread", code: errno) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Size in bytes if this is a regular file or a memory file, else `nil`.
    func regularFileSize() throws(SystemError) -> Int? {
        var facts = stat()
        // SAFETY: `facts` is a valid place for the answer.
        _ = try SystemError.checkErrno(unsafe fstat(number, &facts), "fstat")
        return facts.st_mode & S_IFMT == S_IFREG ? Int(facts.st_size) : nil
    }

    var isSocket: Bool {
        var facts = stat()
        // SAFETY: `facts` is a valid place for the answer.
        return unsafe fstat(number, &facts) == 0 && facts.st_mode & S_IFMT == S_IFSOCK
    }
}
