import DeliveryTypes
import Testing

@Suite("The index of cached renditions")
struct DerivationIndexTests {
    private let family = DerivationFamily()

    private func index(perSource: Int = 16, entries: Int = 1_000) -> DerivationIndex<Int> {
        DerivationIndex(derivation: family.derivation, renditionsPerSourceMax: perSource, entriesMax: entries)
    }

    private func parent(_ search: DerivationSearch<Int>) -> Int? {
        if case .parent(let entry, _) = search { entry } else { nil }
    }

    @Test("the parent that is cheapest to decode is found")
    func findsCheapest() {
        var index = index()
        for (entry, width) in [1: 3_000, 2: 1_000, 3: 2_000, 4: 800] {
            _ = index.insert(entry, family.cached { $0.width = width })
        }
        #expect(parent(index.search(for: family.wanted { $0.width = 640 })) == 2)
        // Of one size, a JPEG is decoded faster than an AVIF.
        _ = index.insert(5, family.cached(.avif, quality: 70) { $0.width = 970 })
        #expect(parent(index.search(for: family.wanted { $0.width = 640 })) == 2)
        index.remove(2)
        #expect(parent(index.search(for: family.wanted { $0.width = 640 })) == 5)
    }

    @Test("a parent that is not usable is passed over")
    func passesOver() {
        var index = index()
        _ = index.insert(1, family.cached { $0.width = 1_000 })
        _ = index.insert(2, family.cached { $0.width = 2_000 })
        let child = family.wanted { $0.width = 640 }
        #expect(parent(index.search(for: child) { $0 != 1 }) == 2)
        #expect(index.search(for: child) { _ in false } == .stale)
    }

    @Test("where nothing suits, the reason is told")
    func tellsReason() {
        var index = index()
        #expect(index.search(for: family.wanted { $0.width = 640 }) == .nothingCached)
        _ = index.insert(1, family.cached { $0.width = 700 })
        #expect(index.search(for: family.wanted { $0.width = 640 }) == .refused(.tooSmall))
        var other = family.wanted { $0.width = 64 }
        other.source = .local("photos/other.jpg")
        #expect(index.search(for: other) == .nothingCached)
    }

    @Test("children are demoted when they or their parent arrive")
    func demotes() {
        var index = index()
        let demoted = [1: 600, 2: 1_280, 3: 320].sorted { $0.key < $1.key }.map { entry, width in
            index.insert(entry, family.cached { $0.width = width })
        }
        #expect(demoted == [[], [1], [3]])
        #expect(index.children(of: 2) == [3, 1])
        #expect(index.children(of: 1) == [3])
        index.remove(2)
        #expect(index.children(of: 2) == [])
        let replaced = index.insert(1, family.cached { $0.width = 700 })
        #expect(replaced == [3])
        #expect(index.count == 2)
    }

    @Test("the original is parent to all that need no other picture")
    func knowsOriginal() {
        var index = index()
        _ = index.insert(1, family.cached { $0.width = 1_280 })
        var raw = family.cached { $0.raw = true }
        raw.size = family.original.size
        let demoted = index.insert(9, raw)
        #expect(demoted == [1])
        #expect(parent(index.search(for: family.wanted { $0.blur = 4 })) == 9)
        #expect(parent(index.search(for: family.wanted { $0.width = 640 })) == 1)
    }

    @Test("what can be neither parent nor child is not kept")
    func leavesOut() {
        var index = index()
        _ = index.insert(1, family.cached { $0.blur = 2 })
        _ = index.insert(2, family.cached(.gif) { $0.width = 50 })
        var unknown = family.cached { $0.width = 1_280 }
        unknown.original = nil
        _ = index.insert(3, unknown)
        #expect(index.count == 0)
    }

    @Test("beyond its bounds it forgets the small ones of a source, and what came first")
    func isBounded() {
        var index = index(perSource: 4, entries: 12)
        for entry in 0..<10 { _ = index.insert(entry, family.cached { $0.width = 100 * (entry + 1) }) }
        #expect(index.count == 4)
        #expect((6..<10).allSatisfy(index.contains))
        // Smaller than all that are there.
        _ = index.insert(10, family.cached { $0.width = 10 })
        #expect(!index.contains(10))
        for entry in 100..<200 {
            var other = family.cached { $0.width = 1_000 }
            other.source = .local("\(entry).jpg")
            _ = index.insert(entry, other)
        }
        #expect(index.count == 12)
        #expect(index.sourceCount == 12)
        #expect((188..<200).allSatisfy(index.contains))
        for entry in 0..<200 { index.remove(entry) }
        #expect(index.count == 0)
        #expect(index.sourceCount == 0)
    }

    @Test("it answers like a list that is searched from end to end", arguments: [UInt64(1), 2, 3, 4])
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var index = index(perSource: 1_000)
        var list: [(entry: Int, rendition: CachedRendition)] = []
        func rendition() -> CachedRendition {
            let format = [ImageFormat.jpeg, .webp, .png, .avif][Int.random(in: 0..<4, using: &random)]
            var made = family.cached(format, quality: format == .png ? nil : Int.random(in: 50...95, using: &random)) {
                $0.width = Int.random(in: 20...2_000, using: &random)
                if Bool.random(using: &random) {
                    $0.resizing = .fill
                    $0.height = $0.width
                }
            }
            made.source = .local("\(Int.random(in: 0..<3, using: &random)).jpg")
            return made
        }
        func isChild(_ child: CachedRendition, _ parent: CachedRendition) -> Bool {
            family.refusal(child.wanted, from: parent) == nil
        }
        for step in 0..<400 {
            let entry = Int.random(in: 0..<60, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                index.remove(entry)
                list.removeAll { $0.entry == entry }
            } else {
                let new = rendition()
                list.removeAll { $0.entry == entry }
                var expected = Set(list.filter { isChild($0.rendition, new) }.map(\.entry))
                if list.contains(where: { isChild(new, $0.rendition) }) { expected.insert(entry) }
                list.append((entry, new))
                let demoted = Set(index.insert(entry, new))
                #expect(demoted == expected, "seed \(seed), step \(step)")
            }
            #expect(index.count == list.count)
            let child = rendition()
            let parents = list.filter { isChild(child, $0.rendition) }
            let found = parent(index.search(for: child.wanted))
            #expect((found == nil) == parents.isEmpty, "seed \(seed), step \(step)")
            if let found { #expect(parents.contains { $0.entry == found }, "seed \(seed), step \(step)") }
        }
    }
}
