import Assignments
import DeliveryTypes
import JSON
import NIOCore
import ObjectStorage
import Synchronization
import Testing

@Suite("Users' states")
struct UserStatesTests {
    private let store = ScriptedStore()

    /// As nodes have them, but for time: nothing is gathered, and a look-up waits as long as it takes.
    private var patient: UserStatesSettings {
        var settings = UserStatesSettings()
        settings.deadline = .seconds(600)
        settings.writeDelay = .zero
        return settings
    }

    private func node(
        _ settings: UserStatesSettings? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Int64 = { 1_000 }
    ) -> UserStates {
        UserStates(store: store, settings: settings ?? patient, clock: clock, now: now)
    }

    /// Runs a node while `body` does; on return it has ended and written what was left.
    private func running(_ states: UserStates, _ body: () async throws -> Void) async rethrows {
        async let ended: Void = states.run()
        try await body()
        states.close()
        await ended
    }

    @Test("are seen by the next look-up, before they are written")
    func atOnce() async {
        store.shut()
        let states = node()
        await running(states) {
            #expect(states.record(UserStateChange(["colour__0": "red"]), for: .id("u")))
            states.record(UserStateChange(["colour__0": "blue"]), for: .id("u"))
            store.open()
            let lookup = await states.states(of: [.id("u"), .id("v")])
            #expect(lookup.isComplete)
            #expect(lookup.states[0]?.assignments.variation(of: "colour__0") == "red")
            #expect(lookup.states[1] == nil)
        }
    }

    @Test("are written before a node ends, and found by another")
    func written() async throws {
        let first = node()
        await running(first) {
            for number in 0..<100 {
                first.record(UserStateChange(["colour__0": "red"]), for: .id(ExactString("u\(number)")))
            }
        }
        #expect(first.statistics.waiting == 0)
        #expect(first.statistics.lost == 0)
        #expect(try await store.texts().count == 100)
        let second = node()
        await running(second) {
            let keys = (0..<100).map { UserKey.id(ExactString("u\($0)")) }
            let lookup = await second.states(of: keys)
            #expect(lookup.isComplete)
            #expect(lookup.states.allSatisfy { $0?.assignments.variation(of: "colour__0") == "red" })
        }
    }

    @Test("of two nodes are merged, and the assignment that was stored first stays")
    func merged() async throws {
        let first = node()
        let second = node()
        await running(first) { first.record(UserStateChange(["colour__0": "red"]), for: .id("u")) }
        // It has not looked: to its knowledge the user has no assignment.
        await running(second) {
            second.record(UserStateChange(["colour__0": "blue", "size__0": "l"]), for: .id("u"))
        }
        let third = node()
        await running(third) {
            let state = await third.states(of: [.id("u")]).states[0]
            #expect(state?.assignments.variation(of: "colour__0") == "red")
            #expect(state?.assignments.variation(of: "size__0") == "l")
        }
        let texts = try await store.texts()
        #expect(texts.count == 1)
        let text = try #require(texts.first)
        #expect(text.key == "users/shop/\(UserKey.id("u").digest.hex.prefix(2))/\(UserKey.id("u").digest.hex).json")
        #expect(!text.value.contains("blue"))
    }

    @Test("are not written again when a request tells nothing new")
    func unchanged() async {
        let states = node()
        await running(states) {
            states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
            await until { states.statistics.writes == 1 }
            states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
            states.record(UserStateChange([:]), for: .id("v"))
            #expect(states.statistics.waiting == 0)
        }
        #expect(store.puts == 1)
    }

    @Test("are read once for all who ask at a time")
    func collapsed() async {
        store.shut()
        let states = node()
        await running(states) {
            await withTaskGroup(of: UserStateLookup.self) { group in
                for _ in 0..<50 { group.addTask { await states.states(of: [.id("u"), .id("u")]) } }
                await until { states.statistics.misses == 100 && store.waiting == 1 }
                store.open()
                for await lookup in group { #expect(lookup == UserStateLookup(states: [nil, nil], isComplete: true)) }
            }
        }
        #expect(store.gets == 1)
    }

    @Test("are done without when the store is late, and known once it has answered")
    func late() async {
        await running(node()) {}
        let writer = node()
        await running(writer) { writer.record(UserStateChange(["colour__0": "red"]), for: .id("u")) }
        store.shut()
        let states = node(UserStatesSettings(), clock: HastyClock())
        await running(states) {
            let lookup = await states.states(of: [.id("u")])
            #expect(lookup == UserStateLookup(states: [nil], isComplete: false))
            // What the evaluation without it has found does not count against what is stored.
            states.record(UserStateChange(["colour__0": "blue"]), for: .id("u"))
            store.open()
            await until { states.statistics.entries == 1 }
            let again = await states.states(of: [.id("u")])
            #expect(again.isComplete)
            #expect(again.states[0]?.assignments.variation(of: "colour__0") == "red")
        }
    }

    @Test("that cannot be read are done without, and what is recorded is written when the store is back")
    func failing() async throws {
        struct Outage: Error {}
        store.fail(with: .unavailable(retryable: true, cause: Outage()))
        var settings = patient
        settings.retryPause = .nanoseconds(1)
        let states = node(settings)
        await running(states) {
            let lookup = await states.states(of: [.id("u")])
            #expect(lookup == UserStateLookup(states: [nil], isComplete: false))
            #expect(states.record(UserStateChange(["colour__0": "red"]), for: .id("u")))
            await until { states.statistics.writeFailures > 2 }
            store.fail(with: nil)
            await until { states.statistics.waiting == 0 }
        }
        #expect(try await store.texts().values.contains { $0.contains("red") })
    }

    @Test("that cannot be written until the node ends are counted as lost")
    func lost() async {
        struct Outage: Error {}
        store.fail(with: .unavailable(retryable: true, cause: Outage()))
        let states = node(clock: HastyClock())
        await running(states) { states.record(UserStateChange(["colour__0": "red"]), for: .id("u")) }
        #expect(states.statistics.lost == 1)
        #expect(!states.record(UserStateChange(["colour__0": "red"]), for: .id("u")))
    }

    @Test("are read anew when they are older than they may be")
    func aged() async {
        let time = Mutex<Int64>(0)
        let states = node(now: { time.withLock { $0 } })
        let other = node()
        await running(states) {
            _ = await states.states(of: [.id("u")])
            await running(other) { other.record(UserStateChange(["colour__0": "red"]), for: .id("u")) }
            time.withLock { $0 = patient.absentAgeMilliseconds - 1 }
            #expect(await states.states(of: [.id("u")]).states == [nil])
            time.withLock { $0 = patient.absentAgeMilliseconds }
            #expect(await states.states(of: [.id("u")]).states[0]?.assignments.count == 1)
            time.withLock { $0 += patient.ageMilliseconds - 1 }
            let reads = states.statistics.reads
            #expect(await states.states(of: [.id("u")]).states[0]?.assignments.count == 1)
            #expect(states.statistics.reads == reads)
        }
    }

    @Test("stay within the budget of memory")
    func budget() async {
        var settings = patient
        settings.budgetBytes = 20_000
        let states = node(settings)
        await running(states) {
            for number in 0..<500 { _ = await states.states(of: [.id(ExactString("u\(number)"))]) }
            #expect(states.statistics.usedBytes <= 20_000)
            #expect(states.statistics.entries > 20)
        }
    }

    @Test("beyond the number that may wait are refused and counted")
    func crowded() {
        var settings = patient
        settings.changesMax = 2
        let states = node(settings)
        let change = UserStateChange(["colour__0": "red"])
        #expect(states.record(change, for: .id("u1")))
        #expect(states.record(change, for: .id("u2")))
        #expect(!states.record(change, for: .id("u3")))
        #expect(states.record(UserStateChange(["size__0": "l"]), for: .id("u1")))
        #expect(states.statistics.lost == 1)
    }

    @Test("beyond the number that may be read are done without at once")
    func readsCrowded() async {
        var settings = patient
        settings.loadsMax = 1
        let states = node(settings)
        store.shut()
        await running(states) {
            async let first = states.states(of: [.id("u")])
            await until { states.statistics.misses == 1 }
            #expect(await states.states(of: [.id("v")]) == UserStateLookup(states: [nil], isComplete: false))
            store.open()
            #expect(await first.isComplete)
        }
    }

    @Test("that a later program wrote are left alone")
    func newer() async throws {
        let key = try ObjectKey(
            "users/shop/\(UserKey.id("u").digest.hex.prefix(2))/\(UserKey.id("u").digest.hex).json"
        )
        try await store.memory.put(.bytes(.init(string: #"{"version":2}"#)), at: key)
        let states = node()
        await running(states) {
            #expect(await states.states(of: [.id("u")]).isComplete == false)
            states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
        }
        #expect(try await store.texts().values.first == #"{"version":2}"#)
        #expect(states.statistics.lost == 1)
    }

    @Test("that are damaged are taken for none and written anew")
    func damaged() async throws {
        let key = try ObjectKey(
            "users/shop/\(UserKey.id("u").digest.hex.prefix(2))/\(UserKey.id("u").digest.hex).json"
        )
        try await store.memory.put(.bytes(.init(string: #"{"version":1,"#)), at: key)
        let states = node()
        await running(states) {
            #expect(await states.states(of: [.id("u")]) == UserStateLookup(states: [nil], isComplete: true))
            states.record(UserStateChange(["colour__0": "red"]), for: .id("u"))
        }
        #expect(states.statistics.damaged > 0)
        #expect(try await store.texts().values.first?.contains("red") == true)
    }
}
