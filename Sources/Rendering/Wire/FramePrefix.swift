/// The 16 bytes that start each message between the pool and a worker; `docs/formats/render-worker.md` has the table.
struct FramePrefix: Equatable, Sendable {
    enum Kind: UInt8, Sendable {
        /// Pool to worker, first: how to confine itself.
        case setup = 1
        /// Worker to pool, once: ready for jobs.
        case ready = 2
        /// Pool to worker, with the sources' descriptors.
        case job = 3
        /// Worker to pool, one for each job.
        case reply = 4
    }

    static let length = 16
    private static let magic: [UInt8] = [0x56, 0x52, 0x57, 0x31]

    var kind: Kind
    /// Bytes of JSON that follow.
    var headerCount: Int
    /// Raw bytes after the JSON.
    var bodyCount: Int

    init(kind: Kind, headerCount: Int, bodyCount: Int) {
        precondition(headerCount >= 0 && headerCount <= UInt32.max && bodyCount >= 0 && bodyCount <= UInt32.max)
        self.kind = kind
        self.headerCount = headerCount
        self.bodyCount = bodyCount
    }

    /// Reads exactly `length` bytes and checks them against what the reader accepts.
    init(_ bytes: some Collection<UInt8>, limits: FrameLimits) throws(FrameError) {
        let bytes = Array(bytes)
        guard bytes.count == Self.length, bytes[..<4].elementsEqual(Self.magic), let kind = Kind(rawValue: bytes[4]),
            bytes[5..<8].allSatisfy({ $0 == 0 })
        else { throw .malformed }
        func number(at offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        self.kind = kind
        headerCount = number(at: 8)
        bodyCount = number(at: 12)
        guard headerCount <= limits.headerMax, bodyCount <= limits.bodyMax else { throw .tooLarge }
    }

    var bytes: [UInt8] {
        func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        return Self.magic + [kind.rawValue, 0, 0, 0] + little(headerCount) + little(bodyCount)
    }
}
