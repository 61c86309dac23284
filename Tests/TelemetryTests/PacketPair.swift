import Glibc
import Testing

/// Two connected sockets that keep the borders between writes, so that a test sees how many writes there were.
final class PacketPair: Sendable {
    let writer: Int32
    private let reader: Int32

    init() throws {
        var descriptors: [Int32] = [-1, -1]
        // SAFETY: socketpair fills the two elements that the array has.
        let result = unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &descriptors)
        try #require(result == 0)
        writer = descriptors[0]
        reader = descriptors[1]
    }

    deinit {
        close(writer)
        close(reader)
    }

    /// The bytes of the next write.
    func receive() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        // SAFETY: recv fills at most the array's length.
        let count = unsafe recv(reader, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(count, 0)))
    }
}
