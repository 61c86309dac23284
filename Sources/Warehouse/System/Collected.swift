import Synchronization

/// What a program writes, kept up to a limit; filled by one thread, read by another.
final class Collected: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let bytesMax: Int

    init(bytesMax: Int = 64 << 10) { self.bytesMax = bytesMax }

    func append(_ piece: ArraySlice<UInt8>) {
        bytes.withLock { $0 += piece.prefix(max(0, bytesMax - $0.count)) }
    }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
