import FoundationEssentials
import Glibc

/// A worker's end of the channel: whole messages, one after the other, waiting as long as it takes.
struct WorkerChannel {
    /// The channel's descriptor in every worker.
    static let descriptor: Int32 = 3

    private let channel = Channel(descriptor: OwnedDescriptor(adopting: descriptor))
    private var scratch = [UInt8](repeating: 0, count: 64 << 10)

    /// Whether this process was started by a pool.
    var isConnected: Bool { channel.descriptor.isSocket }

    /// A message as it came.
    struct Arrival<Message> {
        let message: Message
        let body: [UInt8]
        let descriptors: [OwnedDescriptor]
    }

    /// The next message of this kind; `nil` when the pool has closed the channel.
    mutating func receive<Message: Decodable>(
        _ kind: FramePrefix.Kind,
        as type: Message.Type
    ) throws -> Arrival<Message>? {
        guard let (start, descriptors) = try receiveExactly(FramePrefix.length) else { return nil }
        let prefix = try FramePrefix(start, limits: .toWorker)
        guard prefix.kind == kind else { throw FrameError.unexpected }
        guard let (header, more) = try receiveExactly(prefix.headerCount),
            let (body, rest) = try receiveExactly(prefix.bodyCount)
        else { return nil }
        let message = try JSONDecoder().decode(type, from: Data(header))
        return Arrival(message: message, body: body, descriptors: descriptors + more + rest)
    }

    private mutating func receiveExactly(_ count: Int) throws -> (bytes: [UInt8], descriptors: [OwnedDescriptor])? {
        var bytes: [UInt8] = []
        var descriptors: [OwnedDescriptor] = []
        while bytes.count < count {
            let capacity = min(scratch.count, count - bytes.count)
            let (received, attached) = try channel.receiveWithDescriptors(into: &scratch, capacity: capacity)
            if received == 0 { return nil }
            bytes.append(contentsOf: scratch[..<received])
            descriptors.append(contentsOf: attached)
        }
        return (bytes, descriptors)
    }

    /// Sends a message and waits until the socket has taken it.
    func send(_ kind: FramePrefix.Kind, _ message: some Encodable, body: [UInt8] = []) throws {
        let header = try JSONEncoder().encode(message)
        let prefix = FramePrefix(kind: kind, headerCount: header.count, bodyCount: body.count)
        try sendAll(prefix.bytes + header)
        try sendAll(body)
    }

    private func sendAll(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty { rest = rest.dropFirst(try channel.send(rest)) }
    }

    /// Whether the next message is already there, within some time.
    func hasMessage(within timeout: Duration) -> Bool {
        !Readiness.wait(for: [.init(descriptor: Self.descriptor)], timeout: timeout).isEmpty
    }
}
