package import HTTPTypes
import NIOCore
package import Wire

/// An HTTP/1.1 upstream or peer.
package struct NetworkOrigin: OriginConnector {
    package let pool: UpstreamPool
    package let target: UpstreamTarget
    package let timeouts: UpstreamTimeouts

    package init(pool: UpstreamPool, target: UpstreamTarget, timeouts: UpstreamTimeouts) {
        self.pool = pool
        self.target = target
        self.timeouts = timeouts
    }

    package func fetch(
        _ request: HTTPRequest,
        body: ForwardedBody?,
        into sink: some AnswerSink
    ) async throws(EdgeFailure) {
        let response: UpstreamResponse
        do throws(UpstreamError) {
            response = try await pool.exchange(
                request,
                body: body.map { .stream($0.content, length: $0.length) },
                to: target,
                timeouts: timeouts,
                onInformational: { await sink.inform($0) }
            )
        } catch {
            throw .upstream(error)
        }
        do throws(EdgeFailure) {
            try await sink.begin(response.head)
        } catch {
            response.body.cancel()
            throw error
        }
        var pieces = response.body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do throws(UpstreamError) {
                piece = try await pieces.next()
            } catch {
                throw .upstream(error)
            }
            guard let piece else { break }
            do throws(EdgeFailure) {
                try await sink.write(piece)
            } catch {
                response.body.cancel()
                throw error
            }
        }
        try await sink.end(trailers: response.trailers)
    }
}
