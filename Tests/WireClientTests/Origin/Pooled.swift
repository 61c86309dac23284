import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Wire

/// Runs a test with a pool of its own, which is shut down afterwards.
func withPool<Value>(
    limits: UpstreamLimits = UpstreamLimits(),
    tls: TLSConfiguration? = nil,
    resolver: (any Resolver & Sendable)? = nil,
    _ body: (UpstreamPool) async throws -> Value
) async throws -> Value {
    let group = MultiThreadedEventLoopGroup.singleton
    let pool = try UpstreamPool(group: group, limits: limits, tls: tls, resolver: resolver)
    do {
        let value = try await body(pool)
        await pool.shutdown()
        return value
    } catch {
        await pool.shutdown()
        throw error
    }
}

extension HTTPRequest {
    static func test(_ method: Method = .get, _ path: String = "/", _ fields: HTTPFields = [:]) -> HTTPRequest {
        HTTPRequest(method: method, scheme: "http", authority: "site.test", path: path, headerFields: fields)
    }
}

extension UpstreamResponse {
    /// The whole body.
    func text() async throws(UpstreamError) -> String {
        var bytes = ByteBuffer()
        for try await var part in body { bytes.writeBuffer(&part) }
        return String(buffer: bytes)
    }
}

/// The failure of an operation, `nil` if it had none.
func failure(of operation: () async throws(UpstreamError) -> Void) async -> UpstreamError? {
    do throws(UpstreamError) {
        try await operation()
        return nil
    } catch {
        return error
    }
}

extension UpstreamTimeouts {
    /// With these parts tiny and the others long.
    static func tiny(_ parts: WritableKeyPath<UpstreamTimeouts, TimeAmount>...) -> UpstreamTimeouts {
        var timeouts = UpstreamTimeouts()
        for part in [\UpstreamTimeouts.queue, \.connect, \.head, \.stall, \.continuation] {
            timeouts[keyPath: part] = .minutes(10)
        }
        for part in parts { timeouts[keyPath: part] = .milliseconds(20) }
        return timeouts
    }
}

let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

extension UpstreamPool {
    /// The whole body of an answer.
    func text(
        of request: HTTPRequest = .test(),
        from target: UpstreamTarget,
        timeouts: UpstreamTimeouts = UpstreamTimeouts()
    ) async throws(UpstreamError) -> String {
        try await exchange(request, to: target, timeouts: timeouts).text()
    }

    /// The failure of a request, `nil` if it is answered to the end.
    func failure(
        of request: HTTPRequest = .test(),
        from target: UpstreamTarget,
        timeouts: UpstreamTimeouts = UpstreamTimeouts()
    ) async -> UpstreamError? {
        do throws(UpstreamError) {
            _ = try await text(of: request, from: target, timeouts: timeouts)
            return nil
        } catch {
            return error
        }
    }
}
