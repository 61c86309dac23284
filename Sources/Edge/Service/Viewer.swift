import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore
import Synchronization
import Telemetry
import Wire

/// One request on the ordinary path, what became of it, and the way to answer it.
final class Viewer: Sendable {
    private struct State {
        var status: CacheStatus
        var outcome = Outcome.passed
        var sentStatus = 0
        var sentBytes = 0
        var name: ResourceName?
    }

    let exchange: Exchange
    /// What is answered: the exchange's, or what an experiment makes of it.
    let request: HTTPRequest
    /// What an experiment made of it; `nil` if none concerns it.
    let plan: PictureTrial.Plan?
    /// The epoch of the picture experiments when it came.
    let epoch: UInt32
    /// Request fields that an experiment's viewers are told apart by.
    private let trialFields: [HTTPField.Name]
    let policy: RequestPolicy
    let address: String
    let started: Duration
    /// The purge sequence when it came.
    let arrivalSequence: UInt64
    /// This request's span: the client's trace, or a new one.
    let trace: TraceContext
    private let identity: CacheIdentity
    private let state: Mutex<State>

    init(_ exchange: Exchange, _ parts: EdgeParts) {
        let settings = parts.settings
        arrivalSequence = parts.board.sequence
        self.exchange = exchange
        // Before the plan: one that is outdated meanwhile must look outdated.
        epoch = parts.trial.epoch
        plan = parts.trial.plan(for: exchange.request, parts.naming)
        trialFields = parts.trial.viewerFields
        var request = exchange.request
        if let plan { request.path = plan.path }
        self.request = request
        policy = RequestPolicy(exchange.request, settings: settings.caching)
        address = exchange.remoteAddress?.ipAddress ?? "unknown"
        identity = settings.identity
        state = Mutex(State(status: CacheStatus(cache: settings.identity.product)))
        started = parts.uptime()
        var generator = SystemRandomNumberGenerator()
        let fields = exchange.request.headerFields
        let received = TraceContext(traceparent: fields[values: .traceparent], tracestate: fields[values: .tracestate])
        trace = received?.child(using: &generator) ?? TraceContext(sampled: false, using: &generator)
    }

    /// The exchange as the node's own routes see it: with the trace that the answer and the log name.
    var tracedExchange: Exchange {
        var request = exchange.request
        request.headerFields[.traceparent] = trace.traceparent
        return exchange.with(request)
    }

    /// What `Cache-Status` will say.
    var status: CacheStatus {
        get { state.withLock { $0.status } }
        set { state.withLock { $0.status = newValue } }
    }

    var outcome: Outcome {
        get { state.withLock { $0.outcome } }
        set { state.withLock { $0.outcome = newValue } }
    }

    var name: ResourceName? {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    /// 0 until the head is sent.
    var sentStatus: Int { state.withLock { $0.sentStatus } }
    /// Of bodies.
    var sentBytes: Int { state.withLock { $0.sentBytes } }
    var hasBegun: Bool { sentStatus != 0 }
    /// Whether an experiment runs that the request's URL is open to.
    var isInTrial: Bool { plan != nil }

    /// Sends a head with our `Cache-Status` behind those of the caches before us.
    func begin(_ head: HTTPResponse) async throws(EdgeFailure) {
        var head = head
        head.headerFields = HopByHop.removed(from: head.headerFields)
        let earlier = head.headerFields[values: .cacheStatus].filter { !isOurs($0) }
        head.headerFields[.cacheStatus] = (earlier + [status.fieldValue]).joined(separator: ", ")
        if let facts = DerivationBook.factsField { head.headerFields[facts] = nil }
        head.headerFields[.traceparent] = trace.traceparent
        if let plan { tell(plan, in: &head) }
        do throws(ExchangeError) {
            try await exchange.respond(head)
        } catch {
            throw .abandoned
        }
        state.withLock { $0.sentStatus = head.status.code }
    }

    /// Says which arm of which experiment a picture is of.
    private static let armField = HTTPField.Name("Vitrine-Arm")

    /// Caches between here and the viewers have to tell viewers apart, too.
    private func tell(_ plan: PictureTrial.Plan, in head: inout HTTPResponse) {
        var names = head.headerFields[values: .vary].joined(separator: ", ")
        for name in [HTTPField.Name.accept] + trialFields {
            let isNamed = names.lowercased().split(separator: ",").contains {
                $0.filter { $0 != " " } == name.canonicalName
            }
            if !isNamed { names += (names.isEmpty ? "" : ", ") + name.rawName }
        }
        head.headerFields[.vary] = names
        guard let arm = plan.arm, let name = Self.armField else { return }
        head.headerFields[name] = arm.experiment + "/" + arm.variation
    }

    /// A member that the origin in this very process wrote: its part is in ours.
    private func isOurs(_ line: String) -> Bool {
        line == identity.product || line.hasPrefix(identity.product + ";")
    }

    /// Somebody else has answered the exchange.
    func wasTaken() { state.withLock { $0.sentStatus = 200 } }

    func write(_ bytes: ByteBuffer) async throws(EdgeFailure) {
        do throws(ExchangeError) {
            try await exchange.write(bytes)
        } catch {
            throw .abandoned
        }
        state.withLock { $0.sentBytes += bytes.readableBytes }
    }

    func finish(trailers: HTTPFields? = nil) async throws(EdgeFailure) {
        do throws(ExchangeError) {
            try await exchange.finish(trailers: trailers)
        } catch {
            throw .abandoned
        }
    }
}
