import CProcess
import Glibc

/// An open file descriptor, closed with its last reference.
final class OpenDescriptor: Sendable {
    let number: Int32

    init(adopting number: Int32) { self.number = number }

    deinit { close(number) }

    /// The null device, for reading.
    static func nothing() throws(WarehouseError) -> OpenDescriptor {
        // SAFETY: the string is valid during the call.
        let number = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        guard number >= 0 else { throw WarehouseError(.disk, "/dev/null cannot be opened: errno \(errno)") }
        return OpenDescriptor(adopting: number)
    }

    /// Reading end, which never blocks, and writing end of a pipe.
    static func pipe() throws(WarehouseError) -> (reading: OpenDescriptor, writing: OpenDescriptor) {
        var ends: [Int32] = [-1, -1]
        // SAFETY: the function fills the two places that the array has.
        let result = unsafe ends.withUnsafeMutableBufferPointer { places in
            unsafe places.baseAddress.map { unsafe cprocess_pipe($0) } ?? -EINVAL
        }
        guard result >= 0 else { throw WarehouseError(.failed, "no pipe can be made: errno \(-result)") }
        return (OpenDescriptor(adopting: ends[0]), OpenDescriptor(adopting: ends[1]))
    }

    /// Reads into `buffer` from its start: the number of bytes, 0 at the end, `nil` when there is nothing now.
    ///
    /// A descriptor that cannot be read is as good as one at its end.
    func read(into buffer: inout [UInt8]) -> Int? {
        while true {
            // SAFETY: no more bytes are written than the array holds.
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno == EAGAIN { return nil }
            if errno != EINTR { return 0 }
        }
    }

    /// Waits until one of `descriptors` has something to read or is closed, at most `milliseconds`.
    static func wait(for descriptors: [OpenDescriptor], milliseconds: Int32) {
        var entries = descriptors.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        // SAFETY: the array holds as many entries as are announced.
        _ = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
    }
}
