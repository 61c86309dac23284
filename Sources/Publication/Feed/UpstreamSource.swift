package import DeliveryTypes
import HTTPTypes
package import NIOCore
package import Wire

/// What is in force at an origin, asked over HTTP with the nodes' token: the source of an edge.
///
/// **Promises** as `SettingsSource` does. A watched origin that says nothing for `silence` counts as lost.
///
/// **Costs** one kept connection while watched, and one more for each record that is fetched at the same time.
///
/// **May fail** with `unreachable`, which names the origin and what it did, and `damaged` for what cannot be read.
package struct UpstreamSource: SettingsSource {
    private let pool: UpstreamPool
    private let target: UpstreamTarget
    private let token: String?
    private let timeouts: UpstreamTimeouts
    private let silence: TimeAmount

    package var name: String { target.description }

    /// A record is to come within a minute.
    package static var defaultTimeouts: UpstreamTimeouts {
        var timeouts = UpstreamTimeouts()
        timeouts.head = .seconds(10)
        timeouts.stall = .seconds(10)
        timeouts.whole = .seconds(60)
        return timeouts
    }

    /// - Parameters:
    ///   - pool: the connections; the caller shuts it down.
    ///   - target: the origin's listener.
    ///   - token: sent as `Authorization: Bearer`; `nil` for an origin that wants none.
    ///   - timeouts: of each exchange; `whole` not of the changes, which never end.
    ///   - silence: the longest time between two lines of changes; some heartbeats of the origin.
    package init(
        pool: UpstreamPool,
        target: UpstreamTarget,
        token: String?,
        timeouts: UpstreamTimeouts = defaultTimeouts,
        silence: TimeAmount = .seconds(10)
    ) {
        self.pool = pool
        self.target = target
        self.token = token
        self.timeouts = timeouts
        self.silence = silence
    }

    package func snapshot() async throws(PublicationError) -> SettingsSnapshot {
        let response = try await ask(PeerPaths.snapshot, timeouts)
        let bytes = try await Self.collect(response, bytesMax: PeerPaths.lineBytesMax, from: name)
        return try SettingsSnapshot(decoding: bytes, from: "the snapshot of \(name)")
    }

    package func watch(_ receive: @Sendable (SourceEvent) -> Void) async throws(PublicationError) {
        var patient = timeouts
        patient.whole = nil
        patient.stall = silence
        patient.head = min(patient.head, silence)
        let response = try await ask(PeerPaths.changes, patient)
        var cutter = LineCutter(bytesMax: PeerPaths.lineBytesMax)
        var body = response.body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do throws(UpstreamError) {
                piece = try await body.next()
            } catch {
                throw Self.failure(error, at: name)
            }
            guard let piece else { throw .unreachable("\(name) has ended its changes") }
            for event in try Self.lines(&cutter, piece) { receive(event) }
        }
    }

    package func record(_ digest: ContentDigest, bytesMax: Int) async throws(PublicationError) -> [UInt8]? {
        let response = try await ask(PeerPaths.records + digest.hex, timeouts, mayBeMissing: true)
        if response.head.status == .notFound {
            response.body.cancel()
            return nil
        }
        return try await Self.collect(response, bytesMax: bytesMax, from: name)
    }

    private func ask(
        _ path: String,
        _ timeouts: UpstreamTimeouts,
        mayBeMissing: Bool = false
    ) async throws(PublicationError) -> UpstreamResponse {
        var request = HTTPRequest(method: .get, scheme: "http", authority: target.authority, path: path)
        if let token { request.headerFields[.authorization] = "Bearer \(token)" }
        let response: UpstreamResponse
        do throws(UpstreamError) {
            response = try await pool.exchange(request, to: target, timeouts: timeouts)
        } catch {
            throw Self.failure(error, at: name)
        }
        guard response.head.status == .ok || (mayBeMissing && response.head.status == .notFound) else {
            response.body.cancel()
            throw .unreachable("\(name) answers \(path) with \(response.head.status.code)")
        }
        return response
    }
}
