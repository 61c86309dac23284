import HTTPTypes
import Metering
import NIOCore
import Testing
import Wire

@Suite("Collectors as a node's events see them", .timeLimit(.minutes(2)))
struct CollectorTests {
    private static func lines(_ events: [String]) -> [UInt8] { Array(events.map { $0 + "\n" }.joined().utf8) }

    private static let good = lines((0..<3).map { Sample.use(["id": "\"e-\($0)\""]) })
    private static let mixed = lines([Sample.use(), Sample.use(["type": "\"other\""]), Sample.use(["id": "\"e-2\""])])
    private static let bad = lines([Sample.use(["type": "\"other\""])])

    @Test("events elsewhere are on the disk there when they are said to be taken")
    func remote() async throws {
        let sink = ScriptedSink()
        try await IntakeRig.run(sink) { rig in
            let collector = RemoteCollector(pool: rig.pool, target: rig.target, token: IntakeRig.token)
            #expect(await collector.send(Self.good, count: 3) == .taken(refused: 0))
            #expect(await collector.send(Self.mixed, count: 3) == .taken(refused: 1))
            #expect(await collector.send(Self.bad, count: 1) == .taken(refused: 1))
            #expect(sink.count == 5)
        }
    }

    @Test("whatever else is answered, the events are to be sent again")
    func away() async throws {
        for (failure, wait) in [
            (MeteringError.busy(retryAfter: .seconds(3)), Duration.seconds(3)), (.full, .seconds(30)),
            (.closed, .seconds(1)),
        ] {
            try await IntakeRig.run(ScriptedSink(failing: failure)) { rig in
                let collector = RemoteCollector(pool: rig.pool, target: rig.target, token: IntakeRig.token)
                guard case .away(let retryAfter, _) = await collector.send(Self.good, count: 3) else {
                    Issue.record("\(failure) is not told")
                    return
                }
                #expect(retryAfter == wait)
            }
        }
    }

    @Test("a wrong token, too large a body and nobody there are told apart")
    func refusals() async throws {
        var limits = EventLimits()
        limits.events = 2
        try await IntakeRig.run(ScriptedSink(), limits: limits) { rig in
            let stranger = RemoteCollector(pool: rig.pool, target: rig.target, token: nil)
            guard case .away(nil, let reason) = await stranger.send(Self.good, count: 3) else {
                Issue.record("a stranger's events are taken")
                return
            }
            #expect(reason.contains("401"))
            let collector = RemoteCollector(pool: rig.pool, target: rig.target, token: IntakeRig.token)
            #expect(await collector.send(Self.good, count: 3) == .tooLarge)
            // Nobody listens on the port of "discard".
            let nobody = RemoteCollector(pool: rig.pool, target: UpstreamTarget(host: "127.0.0.1", port: 9), token: nil)
            guard case .away = await nobody.send(Self.good, count: 3) else {
                Issue.record("nobody took events")
                return
            }
        }
    }

    @Test("an answer that does not account for every event is not believed")
    func distrust() async throws {
        try await IntakeRig.run(ScriptedSink()) { rig in
            let collector = RemoteCollector(pool: rig.pool, target: rig.target, token: IntakeRig.token)
            guard case .away = await collector.send(Self.good, count: 4) else {
                Issue.record("four were sent and three taken")
                return
            }
        }
    }

    @Test("events of this process go the same way without HTTP")
    func own() async {
        let sink = ScriptedSink()
        let clock = ReceivedClock { Sample.received }
        let collector = OwnCollector(sink: sink, received: clock)
        #expect(await collector.send(Self.good) == .taken(refused: 0))
        #expect(await collector.send(Self.mixed) == .taken(refused: 1))
        #expect(await collector.send(Self.bad) == .taken(refused: 1))
        #expect(sink.count == 5)
        for (failure, expected) in [
            (MeteringError.busy(retryAfter: .seconds(3)), Duration.seconds(3)), (.full, nil),
        ] {
            let failing = OwnCollector(sink: ScriptedSink(failing: failure), received: clock)
            guard case .away(let retryAfter, _) = await failing.send(Self.good), retryAfter == expected else {
                Issue.record("\(failure) is not told")
                continue
            }
        }
        let closed = OwnCollector(sink: ScriptedSink(failing: .closed), received: clock)
        #expect(await closed.send(Self.good) == .closed)
    }
}
