package import HTTPTypes
import NIOCore
import ServiceLifecycle
import Synchronization
package import Wire

/// Lets a second endpoint answer a share of the live requests again, and compares: latencies, statuses, settings.
///
/// A live answer never waits for it: offering costs a lock and a place in a bounded queue, and what finds no place is
/// dropped and counted. The second endpoint's answers are read, compared and forgotten; its failures are counts. A
/// duplicated request carries `Vitrine-Shadow: 1` and is never duplicated again. The comparison is CPU work on the
/// concurrency pool, at most `concurrencyMax` at a time.
package final class ShadowMeasurement: Service {
    /// What a duplicated request is known by.
    package static let fieldName = known("Vitrine-Shadow")

    package let settings: ShadowSettings
    private let pool: UpstreamPool
    private let clock: any Clock<Duration>
    private let trials: AsyncStream<ShadowTrial>
    private let queue: AsyncStream<ShadowTrial>.Continuation
    private let ledger = Mutex(ShadowLedger())
    private let isStopping = Atomic<Bool>(false)

    /// Measures the second endpoint's latencies with `clock`; nothing is sent before `run`.
    package init(_ settings: ShadowSettings, pool: UpstreamPool, clock: any Clock<Duration> = ContinuousClock()) {
        self.settings = settings
        self.pool = pool
        self.clock = clock
        (trials, queue) = AsyncStream.makeStream(of: ShadowTrial.self)
    }

    /// Whether this request is among the share; asked once for each request, before anything is kept for `offer`.
    package func draws(_ request: HTTPRequest) -> Bool {
        guard request.headerFields[Self.fieldName] == nil else { return false }
        return ledger.withLock { $0.draw(share: settings.share) }
    }

    /// Hands in a drawn request that has been answered; returns at once, false where it was dropped.
    @discardableResult
    package func offer(_ trial: ShadowTrial) -> Bool {
        let isAdmitted = ledger.withLock { $0.admit(bytes: trial.byteCount, settings) }
        if isAdmitted { queue.yield(trial) }
        return isAdmitted
    }

    /// Tells the time since this call.
    func stopwatch() -> @Sendable () -> Duration { Self.stopwatch(clock) }

    private static func stopwatch<Time: Clock<Duration>>(_ clock: Time) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    /// What was seen so far.
    package var report: ShadowReport { ledger.withLock { $0.report } }

    /// Duplicates what is offered until it is cancelled or shut down.
    ///
    /// Then what waits is forgotten, and what is under way gets its `patience` at most.
    package func run() async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                var running = 0
                for await trial in trials {
                    if isStopping.load(ordering: .acquiring) { break }
                    if running == settings.concurrencyMax {
                        await group.next()
                        running -= 1
                    }
                    running += 1
                    ledger.withLock { $0.begin() }
                    group.addTask { await self.duplicate(trial) }
                }
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            self.isStopping.store(true, ordering: .releasing)
            self.queue.finish()
        }
    }

    private func duplicate(_ trial: ShadowTrial) async {
        defer { ledger.withLock { $0.end(bytes: trial.byteCount) } }
        var answered: (status: Int, document: ByteBuffer)?
        let latency = await clock.measure { answered = await answer(to: trial) }
        guard let (status, document) = answered else {
            return ledger.withLock { $0.fail() }
        }
        ledger.withLock { $0.answer(live: trial.liveLatency, shadow: latency) }
        guard status == trial.liveStatus else {
            return ledger.withLock { $0.differInStatus() }
        }
        let verdict = await Self.verdict(trial.liveDocument ?? ByteBuffer(), document)
        ledger.withLock { $0.judge(verdict, namesMax: settings.namesMax) }
    }

    @concurrent
    private static func verdict(_ live: ByteBuffer, _ shadow: ByteBuffer) async -> ShadowVerdict {
        ShadowComparison.compare(live, shadow)
    }

    private func answer(to trial: ShadowTrial) async -> (Int, ByteBuffer)? {
        var timeouts = UpstreamTimeouts()
        timeouts.whole = TimeAmount(settings.patience)
        let body = trial.body.readableBytes > 0 ? UpstreamRequestBody.bytes(trial.body) : nil
        do throws(UpstreamError) {
            let response = try await pool.exchange(
                duplicated(trial.request),
                body: body,
                to: settings.target,
                timeouts: timeouts
            )
            var document = ByteBuffer()
            var parts = response.body.makeAsyncIterator()
            while var part = try await parts.next() {
                guard document.readableBytes + part.readableBytes <= settings.answerBytesMax else { return nil }
                document.writeBuffer(&part)
            }
            return (response.head.status.code, document)
        } catch {
            return nil
        }
    }

    /// The request with the fields that may leave, asking for an answer that can be compared.
    private func duplicated(_ request: HTTPRequest) -> HTTPRequest {
        var copy = HTTPRequest(method: request.method, scheme: nil, authority: nil, path: request.path)
        for name in settings.fields {
            for value in request.headerFields[values: name] {
                copy.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        copy.headerFields[.acceptEncoding] = "identity"
        copy.headerFields[Self.fieldName] = "1"
        return copy
    }

    private static func known(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
        return field
    }
}
