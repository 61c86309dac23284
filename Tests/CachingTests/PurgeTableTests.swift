import Testing

@testable import Caching

@Suite("Purging")
struct PurgeTableTests {
    private func subject(_ url: String, born: UInt64 = 0, tags: [String] = []) -> PurgeSubject {
        PurgeSubject(bornSequence: born, url: url, tags: tags)
    }

    @Test("a URL's purge concerns that URL alone")
    func purgesOneURL() {
        var table = PurgeTable()
        table.purge(.url("http://a/x"), .hard)
        #expect(table.verdict(for: subject("http://a/x")) == .gone)
        #expect(table.verdict(for: subject("http://a/x?")) == .live)
        #expect(table.verdict(for: subject("http://a/y")) == .live)
    }

    @Test("a prefix's purge concerns everything that begins with it, at any length")
    func purgesByPrefix() {
        var table = PurgeTable()
        table.purge(.prefix("http://a/catalog/"), .soft)
        table.purge(.prefix("http://a/catalog/shoes/"), .hard)
        #expect(table.verdict(for: subject("http://a/catalog/hat.jpg")) == .stale)
        #expect(table.verdict(for: subject("http://a/catalog/shoes/1.jpg")) == .gone)
        #expect(table.verdict(for: subject("http://a/catalog")) == .live)
        #expect(table.verdict(for: subject("http://b/catalog/hat.jpg")) == .live)
    }

    @Test("a tag's purge concerns whatever carries the tag")
    func purgesByTag() {
        var table = PurgeTable()
        table.purge(.tag("original:1"), .hard)
        #expect(table.verdict(for: subject("http://a/1", tags: ["tenant:x", "original:1"])) == .gone)
        #expect(table.verdict(for: subject("http://a/2", tags: ["original:2"])) == .live)
    }

    @Test("what was fetched after a purge began is not concerned; what was being fetched is")
    func respectsOrder() {
        var table = PurgeTable(sequence: 7)
        let before = table.sequence
        let purge = table.purge(.everything, .hard)
        #expect(table.verdict(for: subject("u", born: before)) == .gone)
        #expect(table.verdict(for: subject("u", born: purge)) == .live)
    }

    @Test("a hard purge outweighs a soft one, whatever the order")
    func hardWins() {
        var table = PurgeTable()
        table.purge(.url("u"), .hard)
        table.purge(.url("u"), .soft)
        #expect(table.verdict(for: subject("u")) == .gone)
        #expect(table.verdict(for: subject("u", born: 1)) == .stale)
    }

    @Test("numbers never fall behind the floor, and grow even when the clock stands still")
    func numbersGrow() {
        var table = PurgeTable()
        #expect(table.purge(.everything, .soft, floor: 1_000) == 1_000)
        #expect(table.purge(.everything, .soft, floor: 1_000) == 1_001)
        #expect(table.purge(.everything, .soft, floor: 5) == 1_002)
    }

    @Test("a full table purges more than was asked for, never less, and stays bounded")
    func boundsItself() {
        var table = PurgeTable(rulesMax: 100)
        var live: [PurgeSubject] = []
        var gone: [PurgeSubject] = []
        for number in 0..<1_000 {
            let sequence = table.purge(.url("http://a/\(number)"), .hard)
            gone.append(subject("http://a/\(number)", born: sequence - 1))
            live.append(subject("http://a/\(number)", born: table.sequence))
            #expect(table.count <= 100)
        }
        #expect(gone.allSatisfy { table.verdict(for: $0) == .gone })
        // Those of the latest purges are told apart still.
        #expect(table.verdict(for: live[999]) == .live)
    }

    @Test("agrees with a naive list of all purges over random steps")
    func modelTest() {
        for seed in UInt64(1)...20 {
            var generator = Xorshift(state: seed)
            var table = PurgeTable()
            var rules: [(PurgeScope, PurgeMode, UInt64)] = []
            for _ in 0..<300 {
                let path = "http://h/" + String(repeating: "a", count: Int(generator.next() % 4)) + "/x"
                let tag = "t\(generator.next() % 3)"
                let mode: PurgeMode = generator.next() % 2 == 0 ? .soft : .hard
                switch generator.next() % 6 {
                case 0:
                    let scopes: [PurgeScope] = [
                        .url(path), .tag(tag), .prefix(String(path.prefix(Int(generator.next() % 14)))),
                    ]
                    let scope = scopes[Int(generator.next() % 3)]
                    rules.append((scope, mode, table.purge(scope, mode)))
                default:
                    let born = table.sequence == 0 ? 0 : generator.next() % (table.sequence + 1)
                    let asked = subject(path, born: born, tags: [tag])
                    var expected = PurgeVerdict.live
                    for (scope, mode, sequence) in rules where sequence > born {
                        let concerns =
                            switch scope {
                            case .url(let url): url == path
                            case .prefix(let prefix): path.hasPrefix(prefix)
                            case .tag(let name): name == tag
                            case .everything: true
                            }
                        if concerns { expected = max(expected, mode == .hard ? .gone : .stale) }
                    }
                    #expect(table.verdict(for: asked) == expected, "seed \(seed)")
                }
            }
        }
    }

    private struct Xorshift {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
