import Edge
import HTTPSemantics
import HTTPTypes
import NIOCore
import Wire

/// Hands a route's answer to the client.
struct ExchangeSink: AnswerSink {
    let exchange: Exchange

    func inform(_ response: HTTPResponse) async {
        // Interim answers are a courtesy.
        try? await exchange.inform(response)
    }

    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        var head = head
        head.headerFields = HopByHop.removed(from: head.headerFields)
        do throws(ExchangeError) {
            try await exchange.respond(head)
        } catch {
            throw .abandoned
        }
    }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        guard exchange.request.method != .head else { return }
        do throws(ExchangeError) {
            try await exchange.write(bytes)
        } catch {
            throw .abandoned
        }
    }

    func end(trailers: HTTPFields?) async throws(EdgeFailure) {
        do throws(ExchangeError) {
            try await exchange.finish(trailers: trailers)
        } catch {
            throw .abandoned
        }
    }
}
