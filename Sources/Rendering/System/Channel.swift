import CProcess
import Glibc

/// One end of a connected stream between the pool and a worker; descriptors can travel with the bytes.
struct Channel: Sendable {
    /// Descriptors that can travel with one message.
    static let descriptorsMax = 64

    let descriptor: OwnedDescriptor

    /// Two connected ends; the first one never blocks.
    static func pair() throws(SystemError) -> (Channel, Channel) {
        // SAFETY: the function fills the two places it is given.
        let (first, second) = try unsafe twoDescriptors("socketpair") { unsafe cprocess_channel($0) }
        return (Channel(descriptor: first), Channel(descriptor: second))
    }

    /// Reading (never blocks) and writing end of a pipe.
    static func pipe() throws(SystemError) -> (OwnedDescriptor, OwnedDescriptor) {
        // SAFETY: the function fills the two places it is given.
        try unsafe twoDescriptors("pipe") { unsafe cprocess_pipe($0) }
    }

    private static func twoDescriptors(
        _ call: String,
        _ make: (UnsafeMutablePointer<Int32>) -> Int32
    ) throws(SystemError) -> (OwnedDescriptor, OwnedDescriptor) {
        var ends: [Int32] = [-1, -1]
        // SAFETY: the C functions fill exactly two places.
        let result = unsafe ends.withUnsafeMutableBufferPointer { places in
            unsafe places.baseAddress.map { unsafe make($0) } ?? -EINVAL
        }
        _ = try SystemError.check(result, call)
        return (OwnedDescriptor(adopting: ends[0]), OwnedDescriptor(adopting: ends[1]))
    }

    /// Sends what the socket takes of `bytes`, with descriptors attached to the first byte; 0 if it takes nothing now.
    func send(_ bytes: ArraySlice<UInt8>, attaching descriptors: [Int32] = []) throws(SystemError) -> Int {
        // SAFETY: both buffers outlive the call, which reads no more than the given counts.
        let sent = unsafe bytes.withUnsafeBytes { storage in
            unsafe descriptors.withUnsafeBufferPointer { attached in
                unsafe cprocess_send(
                    descriptor.number,
                    storage.baseAddress,
                    storage.count,
                    attached.baseAddress,
                    Int32(attached.count)
                )
            }
        }
        if sent == -Int(EAGAIN) { return 0 }
        return try SystemError.check(sent, "sendmsg")
    }

    /// Receives up to `capacity` bytes into `buffer` from its start; 0 is the end, `nil` nothing at the moment.
    ///
    /// Attached descriptors are dropped.
    func receive(into buffer: inout [UInt8], capacity: Int) throws(SystemError) -> Int? {
        precondition(capacity <= buffer.count)
        // SAFETY: at most `capacity` bytes are written, which the array holds; no place for descriptors is given.
        let count = unsafe buffer.withUnsafeMutableBytes { storage in
            unsafe cprocess_receive(descriptor.number, storage.baseAddress, capacity, nil, 0, nil)
        }
        if count == -Int(EAGAIN) { return nil }
        return try SystemError.check(count, "recvmsg")
    }

    /// Like `receive(into:capacity:)`, and takes attached descriptors.
    func receiveWithDescriptors(
        into buffer: inout [UInt8],
        capacity: Int
    ) throws(SystemError) -> (count: Int, descriptors: [OwnedDescriptor]) {
        precondition(capacity <= buffer.count)
        var attached = [Int32](repeating: -1, count: Self.descriptorsMax)
        var attachedCount: Int32 = 0
        // SAFETY: at most `capacity` bytes and `descriptorsMax` descriptors are written, which the arrays hold.
        let count = unsafe buffer.withUnsafeMutableBytes { storage in
            unsafe attached.withUnsafeMutableBufferPointer { places in
                unsafe cprocess_receive(
                    descriptor.number,
                    storage.baseAddress,
                    capacity,
                    places.baseAddress,
                    Int32(places.count),
                    &attachedCount
                )
            }
        }
        let received = try SystemError.check(count, "recvmsg")
        return (received, attached.prefix(Int(attachedCount)).map(OwnedDescriptor.init(adopting:)))
    }
}
