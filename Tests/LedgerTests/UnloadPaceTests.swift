import Testing
import VitrineTesting

@testable import Ledger

@Suite("The pace of unloading")
struct UnloadPaceTests {
    private static let settings = PaceSettings(
        share: 0.25,
        latencyGoal: .milliseconds(100),
        floor: 100,
        ceiling: 10_000,
        initial: 1_000,
        increase: 200,
        decrease: 0.5,
        firstPause: .milliseconds(500),
        longestPause: .seconds(30)
    )

    @Test("leaves the rest of the database's time to others, whatever the rate")
    func share() {
        var pace = UnloadPace(Self.settings)
        pace.finished(rows: 1, began: .seconds(10), ended: .seconds(10) + .milliseconds(80))
        // 80 ms of work in a quarter of the time: 240 ms of rest.
        #expect(pace.wait(at: .seconds(10) + .milliseconds(80)) == .milliseconds(240))
        #expect(pace.wait(at: .seconds(10) + .milliseconds(320)) == .zero)
    }

    @Test("spreads rows so that the rate is not exceeded")
    func rate() {
        var pace = UnloadPace(Self.settings)
        pace.finished(rows: 2_000, began: .zero, ended: .milliseconds(1))
        let wait = pace.wait(at: .milliseconds(1)) / .seconds(1)
        #expect(abs(wait - (2_000 / pace.rate - 0.001)) < 0.000_01)
    }

    @Test("rises by sums within the goal and falls by factors beyond it, between floor and ceiling")
    func steps() {
        var pace = UnloadPace(Self.settings)
        var now = Duration.zero
        func step(_ pace: inout UnloadPace, took: Duration, after: Duration) {
            now += after
            pace.finished(rows: 100, began: now, ended: now + took)
            now += took
        }
        step(&pace, took: .milliseconds(10), after: .zero)
        #expect(abs(pace.rate - 1_002) < 0.001)
        step(&pace, took: .milliseconds(10), after: .milliseconds(490))
        #expect(abs(pace.rate - 1_102) < 0.001)
        step(&pace, took: .milliseconds(101), after: .zero)
        #expect(abs(pace.rate - 551) < 0.001)
        for _ in 0..<10 { step(&pace, took: .seconds(1), after: .zero) }
        #expect(pace.rate == 100)
        for _ in 0..<100 { step(&pace, took: .milliseconds(1), after: .milliseconds(999)) }
        #expect(pace.rate == 10_000)
    }

    @Test("earns nothing while it rests")
    func rest() {
        var pace = UnloadPace(Self.settings)
        pace.finished(rows: 100, began: .zero, ended: .milliseconds(10))
        let before = pace.rate
        pace.finished(rows: 100, began: .seconds(36_000), ended: .seconds(36_000) + .milliseconds(10))
        #expect(pace.rate - before <= 200.001)
    }

    @Test("pauses longer with each failure, and is as slow as can be from the third on")
    func failures() {
        var pace = UnloadPace(Self.settings)
        var waits: [Duration] = []
        for _ in 0..<9 {
            pace.failed(at: .zero, random: 0)
            waits.append(pace.wait(at: .zero))
        }
        let expected: [Double] = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
        #expect(waits == expected.map { .seconds($0) })
        #expect(pace.rate == 100)
        pace.failed(at: .zero, random: 0.999)
        #expect(pace.wait(at: .zero) > .seconds(15) && pace.wait(at: .zero) < .seconds(15.1))
    }

    // MARK: Simulations

    /// A database whose other work takes a share of it, and which may be away.
    private struct SimulatedDatabase {
        var random: SeededGenerator
        /// Seconds a row takes when nothing else is done.
        var secondsPerRow = 0.000_01
        var outages: [ClosedRange<Double>] = []
        /// How many times slower it is at a moment, in seconds.
        var slowness: (Double) -> Double = { _ in 1 }

        /// How long so many rows take from a moment on, in seconds; `nil` if it is away.
        mutating func apply(_ rows: Int, at now: Double) -> Double? {
            if outages.contains(where: { $0.contains(now) }) { return nil }
            let noise = Double.random(in: 0.8...1.3, using: &random)
            return (0.002 + Double(rows) * secondsPerRow) * slowness(now) * noise
        }
    }

    /// What happened in a simulation, second by second.
    private struct Course {
        var rows: [Int]
        var busy: [Double]
        var attempts: [Int]
    }

    private static func simulate(
        _ database: inout SimulatedDatabase,
        seconds: Int,
        backlog: Int,
        random: inout SeededGenerator
    ) -> Course {
        var pace = UnloadPace(settings)
        var course = Course(
            rows: Array(repeating: 0, count: seconds + 60),
            busy: Array(repeating: 0, count: seconds + 60),
            attempts: Array(repeating: 0, count: seconds + 60)
        )
        var now = 0.0
        var left = backlog
        while now < Double(seconds), left > 0 {
            now += pace.wait(at: .seconds(now)) / .seconds(1) + 0.000_001
            let second = Int(now)
            guard second < course.rows.count else { break }
            let rows = min(left, 500)
            course.attempts[second] += 1
            guard let took = database.apply(rows, at: now) else {
                now += 0.01
                pace.failed(at: .seconds(now), random: Double.random(in: 0..<1, using: &random))
                continue
            }
            pace.finished(rows: rows, began: .seconds(now), ended: .seconds(now + took))
            now += took
            left -= rows
            course.rows[second] += rows
            course.busy[second] += took
        }
        return course
    }

    @Test(
        "with a healthy database reaches the ceiling and keeps to it and its share",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func healthy(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var database = SimulatedDatabase(random: SeededGenerator(seed: seed + 100))
        let course = Self.simulate(&database, seconds: 600, backlog: .max, random: &random)
        let steady = course.rows[120..<600]
        // What one batch may overshoot at a second's edge.
        #expect(steady.allSatisfy { $0 <= 10_000 + 500 }, "seed \(seed)")
        #expect(steady.reduce(0, +) / steady.count > 6_000, "seed \(seed)")
        let busy = course.busy[0..<600].reduce(0, +)
        #expect(busy <= 0.25 * 600 + 1, "seed \(seed): \(busy) s")
    }

    @Test("with a database that becomes slow gives way, and comes back", arguments: 1...5 as ClosedRange<UInt64>)
    func slow(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var database = SimulatedDatabase(random: SeededGenerator(seed: seed + 100))
        database.slowness = { (300..<900).contains($0) ? 40 : 1 }
        let course = Self.simulate(&database, seconds: 1_500, backlog: .max, random: &random)
        let slow = course.rows[330..<900].reduce(0, +) / 570
        let before = course.rows[120..<300].reduce(0, +) / 180
        let after = course.rows[1_100..<1_500].reduce(0, +) / 400
        #expect(slow < before / 10, "seed \(seed): \(slow) of \(before) rows a second")
        #expect(course.busy[330..<900].reduce(0, +) < 0.26 * 570, "seed \(seed)")
        #expect(slow > 0, "seed \(seed): it must not stand still")
        #expect(after > before * 8 / 10, "seed \(seed): \(after) after, \(before) before")
    }

    @Test(
        "asks seldom during an outage of an hour, and comes back without a rush",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func outage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var database = SimulatedDatabase(random: SeededGenerator(seed: seed + 100))
        database.outages = [600...4_200]
        let course = Self.simulate(&database, seconds: 6_000, backlog: .max, random: &random)
        let attempts = course.attempts[601..<4_200].reduce(0, +)
        #expect(attempts > 100 && attempts < 300, "seed \(seed): \(attempts) attempts in an hour")
        let first = try #require(course.rows.indices.first { $0 > 4_200 && course.rows[$0] > 0 })
        #expect(first <= 4_232, "seed \(seed): back \(first - 4_200) s after the database")
        // From the floor up, by 200 rows a second each second, and a batch at the edge.
        for second in 0..<40 {
            #expect(course.rows[first + second] <= 100 + 200 * (second + 2) + 500, "seed \(seed), second \(second)")
        }
        let later = course.rows[5_000..<6_000].reduce(0, +) / 1_000
        #expect(later > 6_000, "seed \(seed)")
    }

    @Test("many unloaders come back from an outage at different times")
    func together() {
        var firsts: Set<Int> = []
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            var database = SimulatedDatabase(random: SeededGenerator(seed: 500))
            database.outages = [100...1_000]
            let course = Self.simulate(&database, seconds: 1_100, backlog: .max, random: &random)
            if let first = course.rows.indices.first(where: { $0 > 1_000 && course.rows[$0] > 0 }) {
                firsts.insert(first)
            }
        }
        #expect(firsts.count >= 8, "\(firsts.sorted())")
    }
}
