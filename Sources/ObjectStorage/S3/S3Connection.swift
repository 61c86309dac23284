import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Signs requests, sends them, and sends them again where that may help.
final class S3Connection: Sendable {
    /// A success, after how many attempts.
    struct Answer: Sendable {
        let response: HTTPClientResponse
        /// An attempt before this one may have done its work without our knowing.
        let isRepeated: Bool

        func field(_ name: String) -> String? { response.headers.first(name: name) }
    }

    let configuration: S3Configuration
    private let client: HTTPClient
    private let signature: SignatureV4
    private let now: @Sendable () -> Date
    private let random: @Sendable () -> UInt64
    private let clock: any Clock<Duration>
    private let uptime: @Sendable () -> Duration

    /// Longest error document or other answer that is read whole, in bytes.
    static let documentBytesMax = 4 << 20

    init(
        configuration: S3Configuration,
        now: @escaping @Sendable () -> Date,
        random: @escaping @Sendable () -> UInt64,
        clock: some Clock<Duration>
    ) {
        let start = clock.now
        uptime = { start.duration(to: clock.now) }
        self.configuration = configuration
        self.now = now
        self.random = random
        self.clock = clock
        signature = SignatureV4(credentials: configuration.credentials, region: configuration.region)
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .init(configuration.connectTimeout), read: .init(configuration.idleTimeout)),
            decompression: .disabled
        )
        settings.httpVersion = .http1Only
        settings.connectionPool.retryConnectionEstablishment = false
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.connectionsMax
        client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    }

    func shutdown() async {
        // It can only fail by being shut down already.
        try? await client.shutdown()
    }

    /// 128 bits as hexadecimal digits.
    func token() -> String {
        [random(), random()].map { String($0, radix: 16) }.joined(separator: "-")
    }

    /// Sends a request until it succeeds or the plan gives up.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - accepted: Further statuses that are no failure.
    /// - Returns: An answer whose status is 2xx or accepted.
    /// - Throws: `sizeMismatch` and the like of the payload; `cancelled`; else what the last failure means for the key.
    func send(_ request: S3Request, accepting accepted: Set<Int> = []) async throws(ObjectStoreError) -> Answer {
        let hash = try await request.payload.hash(isSecure: configuration.isSecure)
        let start = uptime()
        var attempt = 1
        var isRepeated = false
        while true {
            let failure: S3Failure
            switch try await once(request, hash, accepted) {
            case .success(let response): return Answer(response: response, isRepeated: isRepeated)
            case .failure(let own): failure = own
            }
            let delay = configuration.retries.delay(
                afterAttempt: attempt,
                elapsed: uptime() - start,
                random: random()
            )
            guard failure.isRetryable, let delay else { throw failure.storeError(for: request.key) }
            do { try await clock.sleep(for: delay) } catch { throw .cancelled }
            attempt += 1
            isRepeated = isRepeated || failure.isAmbiguous
        }
    }

    /// The whole body of an answer that should be small.
    static func document(_ response: HTTPClientResponse) async throws(ObjectStoreError) -> [UInt8] {
        do {
            let bytes = try await Array(response.body.collect(upTo: documentBytesMax).readableBytesView)
            if Task.isCancelled { throw CancellationError() }
            return bytes
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .unavailable(retryable: true, cause: S3Failure(noAnswer: "\(error)"))
        }
    }

    private func once(
        _ request: S3Request,
        _ hash: String,
        _ accepted: Set<Int>
    ) async throws(ObjectStoreError) -> Result<HTTPClientResponse, S3Failure> {
        let seconds = Double(request.payload.size) / Double(configuration.bytesPerSecondMin)
        let timeout = TimeAmount(configuration.attemptTimeout + .seconds(seconds))
        do {
            let response = try await client.execute(signed(request, hash), timeout: timeout)
            let status = Int(response.status.code)
            if 200..<300 ~= status || accepted.contains(status) { return .success(response) }
            let body = try await response.body.collect(upTo: Self.documentBytesMax)
            if Task.isCancelled { throw CancellationError() }
            return .failure(S3Failure(status: status, body: Array(body.readableBytesView)))
        } catch {
            if Task.isCancelled || error is CancellationError { throw .cancelled }
            if let own = error as? ObjectStoreError { throw own }
            return .failure(S3Failure(noAnswer: "\(error)"))
        }
    }

    private func signed(_ request: S3Request, _ hash: String) -> HTTPClientRequest {
        var path = configuration.style == .path ? "/" + configuration.bucket : ""
        if let key = request.key {
            path += configuration.prefix.isEmpty ? "/\(key)" : "/\(configuration.prefix)/\(key)"
        } else if path.isEmpty {
            path = "/"
        }
        let own: [SignatureV4.Pair] = [("host", configuration.authority), ("x-amz-content-sha256", hash)]
        let fields = own + request.fields
        let added = signature.fields(
            method: request.method.rawValue,
            path: path,
            query: request.query,
            fields: fields,
            payloadHash: hash,
            date: now()
        )
        let query = SignatureV4.encode(query: request.query)
        var url = configuration.isSecure ? "https://" : "http://"
        url += configuration.authority + SignatureV4.encode(path, keepsSlashes: true)
        var result = HTTPClientRequest(url: query.isEmpty ? url : url + "?" + query)
        result.method = request.method
        for field in fields + added { result.headers.add(name: field.name, value: field.value) }
        result.body = request.payload.requestBody
        return result
    }
}
