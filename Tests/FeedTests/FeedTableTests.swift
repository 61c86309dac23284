import DeliveryTypes
import Publication
import Testing
import VitrineTesting

@Suite("What a feed loads and serves")
struct FeedTableTests {
    private func app(_ number: Int, _ release: UInt8, keys: Int = 0, name: String = "shop") throws -> SourcedApp {
        SourcedApp(
            name: try #require(AppName(name)),
            number: number,
            manifest: ContentDigest(bytes: [UInt8](repeating: release, count: 32)),
            published: 0,
            keysNumber: keys
        )
    }

    @Test("of many publishes in quick succession, the first and the last two at most are loaded")
    func succession() throws {
        var table = FeedTable()
        for number in 1...2 { #expect(table.learn(try app(number, UInt8(number)), isPushed: true) == .load) }
        let first = table.takeLoads()
        #expect(first.map(\.app.number) == [2])
        for number in 3...9 { _ = table.learn(try app(number, UInt8(number)), isPushed: true) }
        let second = table.takeLoads()
        #expect(second.map(\.app.number) == [9])
        for number in 10...20 { _ = table.learn(try app(number, UInt8(number)), isPushed: true) }
        #expect(table.takeLoads().isEmpty)
        #expect(table.succeeded(second[0])?.number == 9)
        #expect(table.takeLoads().map(\.app.number) == [20])
        // The slow one comes too late.
        #expect(table.succeeded(first[0]) == nil)
    }

    @Test("a number that goes backwards is refused and counted, and so is another release under the same number")
    func backwards() throws {
        var table = FeedTable()
        _ = table.learn(try app(5, 5), isPushed: true)
        let load = table.takeLoads()[0]
        _ = table.succeeded(load)
        #expect(table.learn(try app(4, 4), isPushed: true) == .refused)
        #expect(table.learn(try app(5, 6), isPushed: true) == .refused)
        #expect(table.learn(try app(5, 5), isPushed: true) == .nothing)
        #expect(table.refusals == 2)
        #expect(table.takeLoads().isEmpty)
    }

    @Test("going back to the release that is served needs no load, whatever is being loaded")
    func relabelling() throws {
        var table = FeedTable()
        _ = table.learn(try app(1, 1), isPushed: true)
        _ = table.succeeded(table.takeLoads()[0])
        _ = table.learn(try app(2, 2), isPushed: true)
        let load = table.takeLoads()[0]
        #expect(table.learn(try app(3, 1), isPushed: true) == .relabel(try app(3, 1)))
        #expect(table.succeeded(load) == nil)
        #expect(table.isCurrent)
    }

    @Test("keys that lag behind are refused, newer ones are taken with no load")
    func keys() throws {
        var table = FeedTable()
        _ = table.learn(try app(1, 1, keys: 3), isPushed: true)
        _ = table.succeeded(table.takeLoads()[0])
        #expect(table.learn(try app(1, 1, keys: 4), isPushed: true) == .relabel(try app(1, 1, keys: 4)))
        _ = table.learn(try app(2, 2, keys: 2), isPushed: true)
        #expect(table.rows.values.first?.wanted.keysNumber == 4)
        #expect(table.refusals == 1)
    }

    @Test("a failed release rests and is tried again; something newer does not wait for that")
    func resting() throws {
        var table = FeedTable()
        _ = table.learn(try app(1, 1), isPushed: true)
        let first = table.takeLoads()[0]
        #expect(table.failed(first, because: "no") == 1)
        #expect(table.takeLoads().isEmpty)
        table.rested(first)
        let second = table.takeLoads()[0]
        #expect(table.failed(second, because: "no") == 2)
        _ = table.learn(try app(2, 2), isPushed: true)
        #expect(table.takeLoads().map(\.app.number) == [2])
        table.rested(second)
        #expect(table.takeLoads().isEmpty)
    }

    @Test("there are never more loads at once than allowed")
    func bounds() throws {
        var table = FeedTable(loadsMax: 3)
        for index in 0..<9 { _ = table.learn(try app(1, 1, name: "app\(index)"), isPushed: false) }
        let loads = table.takeLoads()
        #expect(loads.count == 3)
        #expect(table.takeLoads().isEmpty)
        _ = table.failed(loads[0], because: "no")
        #expect(table.takeLoads().count == 1)
    }

    @Test("whatever happens, numbers only grow, bounds hold, and the newest is served in the end", arguments: 0..<40)
    func model(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var table = FeedTable(loadsMax: 3)
        var running: [FeedTable.Load] = []
        var resting: [FeedTable.Load] = []
        var told: [AppName: Int] = [:]
        var served: [AppName: Int] = [:]
        func check() {
            for row in table.rows.values {
                let number = row.live?.number ?? 0
                #expect(number >= served[row.wanted.name] ?? 0, "seed \(seed)")
                served[row.wanted.name] = number
            }
            #expect(running.count <= 3, "seed \(seed)")
        }
        func end(_ load: FeedTable.Load, well: Bool) {
            if well {
                _ = table.succeeded(load)
            } else if table.failed(load, because: "no") != nil {
                resting.append(load)
            }
        }
        for _ in 0..<400 {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let name = "app\(Int.random(in: 0..<3, using: &generator))"
                let number = Int.random(in: 1..<60, using: &generator)
                let news = try app(number, UInt8(number % 7), name: name)
                if table.learn(news, isPushed: true) != .refused { told[news.name] = max(told[news.name] ?? 0, number) }
            case 1: running += table.takeLoads()
            case 2:
                guard !running.isEmpty else { continue }
                let load = running.remove(at: Int.random(in: 0..<running.count, using: &generator))
                end(load, well: Bool.random(using: &generator))
            default: if !resting.isEmpty { table.rested(resting.removeFirst()) }
            }
            check()
        }
        while !running.isEmpty || !resting.isEmpty || !table.isCurrent {
            for load in resting { table.rested(load) }
            resting = []
            running += table.takeLoads()
            for load in running { end(load, well: true) }
            running = []
            check()
        }
        for row in table.rows.values { #expect(row.live?.number == told[row.wanted.name], "seed \(seed)") }
    }
}
