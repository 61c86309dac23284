import Testing
import VitrineTesting

@testable import Edge

@Suite("The tally of deliveries")
struct DeliveryTallyTests {
    /// 2026-11-21 00:00 UTC.
    private static let midnight = EdgeRig.start

    private static func content(_ name: String) -> DeliveredContent { DeliveredContent(name) }

    @Test("what is counted is what a naive copy adds up, however often it is taken", arguments: 0..<8)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var tally = DeliveryTally(rowsMax: 60)
        var expected: [String: [Int]] = [:]
        var found: [String: [Int]] = [:]
        func take() {
            for (key, sum) in tally.take() {
                let name = "\(key.content.name) \(key.day) \(key.status) \(key.isRelayed)"
                #expect(sum.lastMilliseconds / 86_400_000 == Int64(key.day), "seed \(seed)")
                let old = found[name] ?? [0, 0]
                found[name] = [old[0] + sum.requests, old[1] + sum.bytes]
            }
        }
        for _ in 0..<20_000 {
            let name = "picture \(Int.random(in: 0..<10, using: &random))"
            let time = Self.midnight + Int64.random(in: -2_000...2_000, using: &random)
            let status = [200, 206, 304][Int.random(in: 0..<3, using: &random)]
            let bytes = status == 304 ? 0 : Int.random(in: 0..<1 << 40, using: &random)
            let isRelayed = Bool.random(using: &random)
            let isFull = tally.count(
                Self.content(name),
                status: status,
                bytes: bytes,
                isRelayed: isRelayed,
                at: time
            )
            let key = "\(name) \(time / 86_400_000) \(status) \(isRelayed)"
            let old = expected[key] ?? [0, 0]
            expected[key] = [old[0] + 1, old[1] + bytes]
            // In time: when the second table has begun.
            if isFull && !tally.full.isEmpty || Int.random(in: 0..<90, using: &random) == 0 { take() }
        }
        take()
        #expect(found == expected, "seed \(seed)")
        #expect(tally.requests == 20_000 && tally.unnamed == 0)
        #expect(tally.take().isEmpty)
    }

    @Test("a full table is set aside, and counting goes on")
    func full() {
        var tally = DeliveryTally(rowsMax: 3)
        let told = (0..<6).map { index in
            tally.count(Self.content("\(index)"), status: 200, bytes: 1, isRelayed: false, at: Self.midnight)
        }
        // When the table is full, when it is set aside, and when the next one is full.
        #expect(told == [false, false, true, true, false, true])
        #expect(tally.full.count == 3 && tally.rows.count == 3)
        #expect(tally.take().count == 6)
        #expect(tally.unnamed == 0)
    }

    @Test("when nobody takes the rows, names are given up, and no request or byte")
    func unnamed() {
        var tally = DeliveryTally(rowsMax: 4)
        for index in 0..<100 {
            _ = tally.count(
                Self.content("\(index)"),
                status: index % 2 == 0 ? 200 : 206,
                bytes: index,
                isRelayed: false,
                at: Self.midnight + Int64(index)
            )
        }
        // What has a row still has it.
        _ = tally.count(Self.content("7"), status: 206, bytes: 1, isRelayed: false, at: Self.midnight)
        #expect(tally.rows.count + tally.full.count <= 2 * 4 + 2)
        #expect(tally.unnamed == 92)
        let taken = tally.take()
        #expect(taken.values.reduce(0) { $0 + $1.requests } == 101)
        #expect(taken.values.reduce(0) { $0 + $1.bytes } == (0..<100).reduce(0, +) + 1)
        let others = taken.filter { $0.key.content == .others }
        #expect(others.values.reduce(0) { $0 + $1.requests } == 92 && others.count == 2)
        // Taken: there is room again.
        _ = tally.count(Self.content("new"), status: 200, bytes: 1, isRelayed: false, at: Self.midnight)
        #expect(tally.take().keys.map(\.content.name) == ["new"])
    }

    @Test("tables of several loops are one sum, and whoever wants to know is told of a full one")
    func tables() {
        let counter = DeliveryCounter(rowsPerTableMax: 2)
        let alarms = Count()
        counter.whenFull { alarms.add() }
        let tables = [counter.makeTable(), counter.makeTable()]
        for table in tables {
            for name in ["a", "b"] {
                table.count(Self.content(name), status: 200, bytes: 5, isRelayed: false, at: Self.midnight)
            }
        }
        counter.count(Self.content("a"), status: 200, bytes: 7, isRelayed: true, at: Self.midnight + 1)
        #expect(alarms.value == 2)
        #expect(counter.figures == DeliveryCounter.Figures(requests: 5, unnamed: 0, waitingRows: 5))
        let rows = counter.take()
        #expect(rows.map(\.key.content.name) == ["a", "a", "b"])
        #expect(rows.map(\.sum.requests) == [2, 1, 2] && rows.map(\.sum.bytes) == [10, 7, 10])
        #expect(rows.map(\.key.isRelayed) == [false, true, false])
        #expect(counter.take().isEmpty && counter.figures.requests == 5)
    }

    @Test("names are told apart by their bytes, and one that no event could have becomes a digest")
    func names() {
        #expect(DeliveredContent("caf\u{e9}") != DeliveredContent("cafe\u{301}"))
        #expect(DeliveredContent("original://a") == DeliveredContent("original://a"))
        let longest = String(repeating: "x", count: 256)
        #expect(DeliveredContent(longest).name == longest)
        // printf 'x%.0s' {1..257} | sha256sum
        for odd in [longest + "x", "a\nb", "\u{7f}", ""] {
            let name = DeliveredContent(odd).name
            #expect(name.hasPrefix("sha256:") && name.utf8.count == 71, "\(odd)")
        }
        #expect(
            DeliveredContent("").name == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }
}
