import JSON
import Testing
import VitrineTesting

@testable import Assignments

@Suite("The table of users' states")
struct UserStateTableTests {
    /// A table, a store that does what the table asks for late and in any order, and what has to hold of both.
    private struct World {
        var table: UserStateTable
        var store: [UserKey: UserState] = [:]
        var now: Int64 = 0
        var reads: [(key: UserKey, found: UserState?)] = []
        var writes: [(key: UserKey, change: UserStateChange)] = []
        var lookups: [(ticket: UInt64, keys: [UserKey], known: UserStateLookup, forgotten: Int)] = []
        var forgetting: Set<UserKey> = []
        /// What the table has taken since the user was last forgotten.
        var taken: [UserKey: Set<ExactString>] = [:]
        /// How often anybody was forgotten; each variation is named for the count at its time.
        var forgotten = 0
        var forgottenAt: [UserKey: Int] = [:]
        var completed = 0

        init() {
            var settings = UserStatesSettings()
            settings.ageMilliseconds = 20
            settings.absentAgeMilliseconds = 5
            settings.readersMax = 3
            settings.loadsMax = 4
            table = UserStateTable(settings: settings)
        }

        func check(_ lookup: UserStateLookup, _ keys: [UserKey], asked: Int) {
            for (key, state) in zip(keys, lookup.states) where forgottenAt[key, default: 0] <= asked {
                let found = state?.assignments.object.members ?? []
                // Own variations are numbers, those of the other node are not.
                let oldest = found.compactMap { $0.value.string.flatMap { Int($0.text) } }.min() ?? .max
                #expect(oldest >= forgottenAt[key, default: 0], "a forgotten assignment came back")
                guard lookup.isComplete, !forgetting.contains(key) else { continue }
                #expect(Set(found.map(\.key)).isSuperset(of: taken[key, default: []]), "an assignment is missing")
            }
        }

        mutating func step(_ random: inout SeededGenerator) {
            let keys = (0..<6).map { UserKey.id(ExactString("u\($0)")) }
            let key = keys[Int.random(in: 0..<6, using: &random)]
            now += Int64.random(in: 0...1, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0, 1: lookUp([key, keys[Int.random(in: 0..<6, using: &random)]])
            case 2, 3: record(key, &random)
            case 4: if let key = table.nextRead() { reads.append((key, store[key])) }
            case 5: finishRead(&random)
            case 6: if let write = table.nextWrite() { writes.append(write) }
            case 7: finishWrite(&random)
            case 8: _ = table.retryFailed()
            case 9: redeem(&random)
            case 10: forget(key, &random)
            default:
                // Another node, which does not know what is being forgotten here.
                guard !forgetting.contains(key) else { return }
                store[key, default: UserState()].merge(UserStateChange([ExactString("other\(now % 3)"): "other"]))
            }
        }

        private mutating func lookUp(_ keys: [UserKey]) {
            let (known, ticket) = table.lookUp(keys, at: now)
            if let ticket {
                lookups.append((ticket, keys, known, forgotten))
            } else {
                check(known, keys, asked: forgotten)
            }
        }

        private mutating func record(_ key: UserKey, _ random: inout SeededGenerator) {
            let experiment = ExactString("e\(Int.random(in: 0..<5, using: &random))")
            let isTaken = table.record(UserStateChange([experiment: ExactString("\(forgotten)")]), for: key)
            #expect(isTaken == !forgetting.contains(key))
            if isTaken { taken[key, default: []].insert(experiment) }
        }

        mutating func finishRead(_ random: inout SeededGenerator) {
            guard !reads.isEmpty else { return }
            let read = reads.remove(at: Int.random(in: 0..<reads.count, using: &random))
            let isFailure = Int.random(in: 0..<5, using: &random) == 0
            let over = table.finishRead(read.key, isFailure ? .failed : .state(read.found), at: now)
            for ticket in over { #expect(table.isOver(ticket)) }
        }

        mutating func finishWrite(_ random: inout SeededGenerator, failing: Bool = true) {
            guard !writes.isEmpty else { return }
            let write = writes.remove(at: Int.random(in: 0..<writes.count, using: &random))
            if failing, Int.random(in: 0..<3, using: &random) == 0 {
                table.failWrite(write.key, isLost: false)
                return
            }
            store[write.key, default: UserState()].merge(write.change)
            guard let state = store[write.key] else { return }
            table.finishWrite(write.key, state: state, at: now)
        }

        mutating func redeem(_ random: inout SeededGenerator) {
            guard !lookups.isEmpty else { return }
            let lookup = lookups.remove(at: Int.random(in: 0..<lookups.count, using: &random))
            let isOver = table.isOver(lookup.ticket)
            let answer = table.redeem(lookup.ticket, keys: lookup.keys, known: lookup.known)
            if answer.isComplete {
                #expect(isOver)
                completed += 1
            }
            // What was recorded after it was asked may be missing: only what was forgotten counts.
            var earlier = answer
            earlier.isComplete = false
            check(earlier, lookup.keys, asked: lookup.forgotten)
        }

        private mutating func forget(_ key: UserKey, _ random: inout SeededGenerator) {
            if forgetting.isEmpty {
                forgetting.insert(key)
                table.beginForgetting(key)
            } else if let key = forgetting.first, !table.isWriting(key) {
                store[key] = nil
                table.endForgetting(key)
                forgetting = []
                forgotten += 1
                forgottenAt[key] = forgotten
                taken[key] = []
            }
        }
    }

    @Test("keeps what was recorded and nothing that was forgotten", arguments: 1...6 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = World()
        for _ in 0..<1_500 { world.step(&random) }
        while !world.forgetting.isEmpty { world.step(&random) }
        while !world.reads.isEmpty { world.finishRead(&random) }
        while !world.table.isWritten {
            if let write = world.table.nextWrite() { world.writes.append(write) }
            world.finishWrite(&random, failing: false)
            _ = world.table.retryFailed()
        }
        for (key, experiments) in world.taken {
            let stored = world.store[key]?.assignments.object.members.map(\.key) ?? []
            #expect(Set(stored).isSuperset(of: experiments), "seed \(seed)")
        }
        #expect(world.completed > 5, "seed \(seed)")
        while !world.lookups.isEmpty { world.redeem(&random) }
        #expect(world.table.statistics.waiting == 0)
    }
}
