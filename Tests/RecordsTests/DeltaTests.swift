import JSON
import Settings
import Testing

@Suite("Deltas")
struct DeltaTests {
    /// What a client does with a delta.
    private static func apply(_ delta: Delta, to document: [UInt8]) throws -> JSONValue {
        var object = try Compiled.value(document).object ?? JSONObject()
        let told = try Compiled.value(delta.bytes)
        for name in told["removed"]?.array ?? [] { if let name = name.string { object[name] = nil } }
        for member in told["changed"]?.object?.members ?? [] { object[member.key] = member.value }
        #expect(told["changed"]?.object?.count == delta.changedCount)
        return .object(object)
    }

    @Test("the held document and the delta make the new document, within a release and across two")
    func applied() throws {
        var small = 0
        for seed in 0..<150 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let old = try Compiled.loaded(project.document())
            let new = try Compiled.loaded(project.document())
            for _ in 0..<15 {
                let held = old.evaluate(project.context())
                let token = held.token
                guard !token.text.isEmpty else { continue }
                let read = try #require(StateToken(token.text))
                #expect(read == token)
                let document = Assembler(held).bytes()
                let same = Assembler(old.evaluate(project.context()))
                let other = Assembler(new.evaluate(project.context()))
                let within = try #require(same.delta(since: read))
                let across = try #require(other.delta(since: read, older: [old.outline]))
                small += within.changedCount < old.names.count ? 1 : 0
                #expect(try Self.apply(within, to: document) == Compiled.value(same.bytes()), "seed \(seed)")
                #expect(try Self.apply(across, to: document) == Compiled.value(other.bytes()), "seed \(seed)")
            }
        }
        #expect(small > 300)
    }

    @Test("who holds the document already is told nothing")
    func nothing() throws {
        for seed in 0..<50 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let release = try Compiled.loaded(project.document())
            var context = project.context()
            context.forcedFeatures = JSONObject()
            let evaluated = release.evaluate(context)
            let delta = try #require(Assembler(evaluated).delta(since: evaluated.token))
            #expect(String(decoding: delta.bytes, as: UTF8.self) == #"{"changed":{},"removed":[]}"#, "seed \(seed)")
        }
    }

    @Test("a token of an unknown release gives no delta")
    func unknown() throws {
        let first = try Compiled.loaded(#"{"features": {"a": {"defaultValue": 1}}}"#)
        let second = try Compiled.loaded(#"{"features": {"a": {"defaultValue": 2}}}"#)
        let token = first.evaluate(Compiled.context()).token
        let assembler = Assembler(second.evaluate(Compiled.context()))
        #expect(assembler.delta(since: token) == nil)
        #expect(assembler.delta(since: token, older: [first.outline])?.changed == Array(#"{"a":2}"#.utf8))
    }

    @Test("removed settings are named, new ones told")
    func removed() throws {
        let first = try Compiled.loaded(#"{"features": {"a": {"defaultValue": 1}, "b": {"defaultValue": 2}}}"#)
        let second = try Compiled.loaded(#"{"features": {"c": {"defaultValue": 3}, "b": {"defaultValue": 2}}}"#)
        let token = first.evaluate(Compiled.context()).token
        let delta = Assembler(second.evaluate(Compiled.context())).delta(since: token, older: [first.outline])
        #expect(delta.map { String(decoding: $0.bytes, as: UTF8.self) } == #"{"changed":{"c":3},"removed":["a"]}"#)
    }

    @Test("a changed, cut or invented token is none, or at worst the own document's loss")
    func damagedTokens() throws {
        var project = RandomProject(seed: 7)
        let release = try Compiled.loaded(project.document())
        var context = project.context()
        context.forcedFeatures = JSONObject()
        let evaluated = release.evaluate(context)
        let text = Array(evaluated.token.text.utf8)
        let alphabet = Array("ABCXYZabcxyz0189-_=+/ \u{0}é".utf8)
        var chance = Chance(99)
        for _ in 0..<20_000 {
            var damaged = text
            for _ in 0...Int.random(in: 0..<3, using: &chance) {
                switch Int.random(in: 0..<3, using: &chance) {
                case 0 where !damaged.isEmpty:
                    damaged[Int.random(in: 0..<damaged.count, using: &chance)] = chance.pick(alphabet)
                case 1: damaged = Array(damaged.prefix(Int.random(in: 0...damaged.count, using: &chance)))
                default: damaged.insert(chance.pick(alphabet), at: Int.random(in: 0...damaged.count, using: &chance))
                }
            }
            guard damaged != text else { continue }
            #expect(StateToken(String(decoding: damaged, as: UTF8.self)) == nil)
        }
        #expect(StateToken(String(repeating: "A", count: StateToken.lengthMax + 1)) == nil)
    }
}
