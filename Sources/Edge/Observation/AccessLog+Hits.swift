import NIOCore
import Wire

extension AccessLog {
    /// A hit's line, straight from the received bytes.
    func append(
        status: Int,
        sent: Int,
        now: Int64,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ connection: ServerConnection
    ) {
        var line = AccessLine(nowMilliseconds: now, address: connection.peerText, status: status, bytes: sent)
        line.method = String(decoding: head.methodName.map { bytes[$0] }, as: UTF8.self)
        line.target = String(decoding: head.target.prefix(AccessLine.targetBytesMax).map { bytes[$0] }, as: UTF8.self)
        line.host = String(decoding: head.host.map { bytes[$0] }, as: UTF8.self)
        line.isVersion11 = head.isVersion11
        line.outcome = .hit
        append { line.write(as: format, to: &$0) }
    }
}
