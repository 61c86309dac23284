import HTTPTypes
import NIOCore
import Wire

extension UpstreamSource {
    /// The whole body.
    ///
    /// - Throws: `damaged` when it is longer than `bytesMax`; `unreachable` when it does not come whole.
    static func collect(
        _ response: UpstreamResponse,
        bytesMax: Int,
        from name: String
    ) async throws(PublicationError) -> [UInt8] {
        var bytes: [UInt8] = []
        if case .length(let length) = response.framing {
            guard length <= Int64(bytesMax) else {
                response.body.cancel()
                throw .damaged("an answer of \(name)", reason: "\(length) bytes where \(bytesMax) were expected")
            }
            bytes.reserveCapacity(Int(length))
        }
        var pieces = response.body.makeAsyncIterator()
        do throws(UpstreamError) {
            while let piece = try await pieces.next() {
                if bytes.count + piece.readableBytes > bytesMax { throw .truncated }
                bytes.append(contentsOf: piece.readableBytesView)
            }
        } catch {
            throw failure(error, at: name)
        }
        return bytes
    }

    /// The events of the lines that are complete with this piece; `nil` for what is not known.
    static func lines(_ cutter: inout LineCutter, _ piece: ByteBuffer) throws(PublicationError) -> [SourceEvent] {
        var events: [SourceEvent] = []
        for line in try cutter.cut(piece.readableBytesView) {
            if let event = try PeerLine.event(line) { events.append(event) }
        }
        return events
    }

    static func failure(_ error: UpstreamError, at name: String) -> PublicationError {
        error == .cancelled ? .cancelled : .unreachable("\(name): \(error.detail)")
    }
}
