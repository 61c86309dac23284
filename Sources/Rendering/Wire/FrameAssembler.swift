/// Puts messages together from bytes as they arrive, holding little more than has arrived.
struct FrameAssembler: Sendable {
    struct Frame: Equatable, Sendable {
        var kind: FramePrefix.Kind
        var header: [UInt8]
        var body: [UInt8]
    }

    /// Room made for a body on the strength of its announcement alone, bytes.
    private static let reservedMax = 8 << 20

    let limits: FrameLimits
    private var pending: [UInt8] = []
    private var prefix: FramePrefix?
    private var header: [UInt8] = []
    private var body: [UInt8] = []

    init(limits: FrameLimits) { self.limits = limits }

    /// Takes the next bytes and returns the messages that they complete.
    mutating func append(_ bytes: ArraySlice<UInt8>) throws(FrameError) -> [Frame] {
        var rest = bytes
        var frames: [Frame] = []
        while !rest.isEmpty {
            guard let current = prefix else {
                Self.move(&rest, to: &pending, until: FramePrefix.length)
                if pending.count == FramePrefix.length {
                    prefix = try FramePrefix(pending, limits: limits)
                    pending.removeAll(keepingCapacity: true)
                }
                if let frame = completeFrame() { frames.append(frame) }
                continue
            }
            Self.move(&rest, to: &header, until: current.headerCount)
            guard header.count == current.headerCount else { continue }
            if body.isEmpty { body.reserveCapacity(min(current.bodyCount, Self.reservedMax)) }
            Self.move(&rest, to: &body, until: current.bodyCount)
            if let frame = completeFrame() { frames.append(frame) }
        }
        return frames
    }

    private static func move(_ source: inout ArraySlice<UInt8>, to target: inout [UInt8], until count: Int) {
        let part = source.prefix(count - target.count)
        target.append(contentsOf: part)
        source = source.dropFirst(part.count)
    }

    private mutating func completeFrame() -> Frame? {
        guard let current = prefix, header.count == current.headerCount, body.count == current.bodyCount else {
            return nil
        }
        defer {
            prefix = nil
            header = []
            body = []
        }
        return Frame(kind: current.kind, header: header, body: body)
    }
}
