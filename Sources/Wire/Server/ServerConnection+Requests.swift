import HTTPTypes
import NIOCore

/// From bytes to requests.
extension ServerConnection {
    private enum Outcome {
        case incomplete
        case answered
        case exchange(HTTPRequest)
        case refused(Refusal, String)
    }

    /// Parses what has been waiting.
    func parsePending() {
        guard pending.readableBytes > 0 else { return wasParsed() }
        var bytes = pending
        pending = ByteBuffer()
        parse(&bytes)
        if bytes.readableBytes > 0 { pending = bytes }
    }

    /// Answers requests as long as there are whole ones and it is their turn; leaves the rest in `bytes`.
    func parse(_ bytes: inout ByteBuffer) {
        isParsing = true
        while phase == .head, isWritable, bytes.readableBytes > 0 {
            let outcome = readRequest(bytes.readableBytesUInt8Span)
            switch outcome {
            case .incomplete:
                times.noteHead()
                isParsing = false
                return wasParsed()
            case .answered:
                loop.counters.shortcut.add(1)
                times.noteHeadEnd()
                bytes.moveReaderIndex(forwardBy: head.length)
                head.reset()
                if persistence == .close { close() }
            case .exchange(let request):
                bytes.moveReaderIndex(forwardBy: head.length)
                times.noteHeadEnd()
                begin(request, &bytes)
            case .refused(let refusal, let detail):
                refuse(refusal, detail: detail)
            }
        }
        isParsing = false
        wasParsed()
    }

    /// After the client's end, what could be answered has been.
    private func wasParsed() {
        if isInputClosed, phase == .head, isWritable { close() }
    }

    @inline(__always)
    private func readRequest(_ bytes: Span<UInt8>) -> Outcome {
        do throws(MessageFault) {
            guard try head.parse(bytes) else { return .incomplete }
        } catch {
            return .refused(Refusal(error), error.text)
        }
        decidePersistence()
        if head.hasNoBody, let shortcut = loop.shortcut, shortcut.answer(head, bytes: bytes, on: self) {
            return .answered
        }
        if case .length(let length) = head.framing, length > loop.limits.bodyBytes {
            return .refused(.bodyTooLarge, "request body too large")
        }
        guard let request = head.request(bytes) else { return .refused(.badRequest, MessageFault.startLine.text) }
        return .exchange(request)
    }
}
