import DeliveryTypes
import Publication
import Testing

@Suite("The keys of a feed's apps", .timeLimit(.minutes(2)))
struct FeedKeyTests {
    private func key(_ kind: KeyKind, _ text: String, until expires: Int64? = nil) -> SourcedKey {
        SourcedKey(kind: kind, sha256: ContentDigest(of: Array(text.utf8)), expires: expires)
    }

    @Test("a key opens its app, and says what its holder may see")
    func opening() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one", keys: [key(.client, "vc_1"), key(.server, "vs_1")], keysNumber: 1)
        try source.publish("game", 1, "two", keys: [key(.client, "vc_2")], keysNumber: 1)
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            await rig.serves("game", 1)
            let client = try #require(rig.feed.app(key: "vc_1"))
            #expect(client.app.name.text == "shop" && client.kind == .client)
            #expect(rig.feed.app(key: "vs_1")?.kind == .server)
            #expect(rig.feed.app(key: "vc_2")?.app.name.text == "game")
            for text in ["", "vc_", "vc_3", "VC_1", "vc_1 ", "shop", "vc_1\u{0}"] {
                #expect(rig.feed.app(key: text) == nil, "\(text)")
            }
        }
    }

    @Test("rotation: both keys open during the grace time, the old one no longer after it, with no load")
    func rotation() async throws {
        let source = ScriptedSource()
        let app = try source.publish("shop", 1, "one", keys: [key(.client, "vc_old")], keysNumber: 1)
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            var changes = rig.feed.changes().makeAsyncIterator()
            let both = [key(.client, "vc_new"), key(.client, "vc_old", until: 8_000)]
            try source.tell("shop", 1, app.manifest, keys: both, keysNumber: 2)
            #expect(await changes.next()?.sourced.keysNumber == 2)
            #expect(rig.feed.app(key: "vc_old") != nil && rig.feed.app(key: "vc_new") != nil)
            rig.now.value = 7_999
            #expect(rig.feed.app(key: "vc_old") != nil)
            rig.now.value = 8_000
            #expect(rig.feed.app(key: "vc_old") == nil)
            #expect(rig.feed.app(key: "vc_new")?.app.number == 1)
            try source.tell("shop", 1, app.manifest, keys: [key(.client, "vc_new")], keysNumber: 3)
            _ = await changes.next()
            #expect(source.asked.count == 2)
        }
    }

    @Test("new keys hold at once, even if the release that came with them can't be loaded")
    func keysBeforeRelease() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one", keys: [key(.client, "vc_leaked")], keysNumber: 1)
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            try source.publish("shop", 2, "poison", keys: [key(.client, "vc_fresh")], keysNumber: 2)
            _ = await rig.fails("shop")
            #expect(rig.feed.app(key: "vc_leaked") == nil)
            #expect(rig.feed.app(key: "vc_fresh")?.app.release.text == "one")
        }
    }

    @Test("an app whose name is another's key opens nothing by it, and a key is no name")
    func collidingNames() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "shop", keys: [key(.client, "vc_0123456789abcdef")], keysNumber: 1)
        try source.publish("vc_0123456789abcdef", 1, "thief", keys: [key(.client, "vc_other")], keysNumber: 1)
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            await rig.serves("vc_0123456789abcdef", 1)
            #expect(rig.feed.app(key: "vc_0123456789abcdef")?.app.name.text == "shop")
            #expect(rig.feed.app(named: "vc_0123456789abcdef")?.release.text == "thief")
            #expect(rig.feed.app(named: "vc_other") == nil)
        }
    }

    @Test("a key that is said to be of two apps opens neither; of two kinds, it is a client's")
    func ambiguous() async throws {
        let source = ScriptedSource()
        try source.publish("one", 1, "1", keys: [key(.client, "vc_same"), key(.server, "both")], keysNumber: 1)
        let second = try source.publish("two", 1, "2", keys: [key(.client, "vc_same")], keysNumber: 1)
        try source.publish("three", 1, "3", keys: [key(.server, "k"), key(.client, "k")], keysNumber: 1)
        try await FeedRig.run(source) { rig in
            for name in ["one", "two", "three"] { await rig.serves(name, 1) }
            #expect(rig.feed.app(key: "vc_same") == nil)
            #expect(rig.feed.app(key: "k")?.kind == .client)
            try source.tell("two", 1, second.manifest, keys: [], keysNumber: 2)
            await rig.until { rig.feed.app(key: "vc_same")?.app.name.text == "one" }
        }
    }
}
