import HTTPTypes
import NIOCore
import Synchronization

/// What is kept of a live request that was drawn for the shadow measurement, until it is answered.
final class ShadowDraft: Sendable {
    private struct Kept {
        var body: ByteBuffer?
        var document: ByteBuffer?
    }

    private let measurement: ShadowMeasurement
    private let elapsed: @Sendable () -> Duration
    private let kept = Mutex(Kept())

    /// `nil` for a request that is not drawn.
    init?(_ measurement: ShadowMeasurement?, _ request: HTTPRequest) {
        guard let measurement, request.method == .post, measurement.draws(request) else { return nil }
        self.measurement = measurement
        elapsed = measurement.stopwatch()
    }

    func keep(body: ByteBuffer) { kept.withLock { $0.body = body } }

    /// The answer's body before compression.
    func keep(document: ByteBuffer) { kept.withLock { $0.document = document } }

    /// Hands the request in once it has been answered.
    func offer(_ request: HTTPRequest, status: Int) {
        let (body, document) = kept.withLock { ($0.body, $0.document) }
        guard let body else { return }
        measurement.offer(
            ShadowTrial(
                request: request,
                body: body,
                liveStatus: status,
                liveLatency: elapsed(),
                liveDocument: document
            )
        )
    }
}
