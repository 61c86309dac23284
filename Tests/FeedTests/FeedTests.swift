import DeliveryTypes
import Publication
import Settings
import Synchronization
import Testing

@Suite("A feed and its source", .timeLimit(.minutes(2)))
struct FeedTests {
    @Test("what is published is served; what follows replaces it, and readers are told")
    func serving() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            var changes = rig.feed.changes().makeAsyncIterator()
            #expect(rig.text("shop") == "one")
            #expect(rig.feed.freshness == .current)
            try source.publish("shop", 2, "two")
            let change = await changes.next()
            #expect(change?.number == 2 && change?.release.text == "two")
            #expect(rig.feed.app(named: "shop") === change)
            try source.publish("game", 1, "g")
            #expect(await changes.next()?.name.text == "game")
            #expect(rig.feed.apps.map(\.name.text) == ["game", "shop"])
            #expect(rig.feed.app(named: "no app's name") == nil)
        }
    }

    @Test("records that did not change are not fetched again")
    func reuse() async throws {
        let source = ScriptedSource()
        let big = [UInt8](repeating: 0x61, count: 10_000)
        try source.tell("shop", 1, source.store(ToyRelease.compile([big, [0x62]])))
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            #expect(source.asked.count == 3)
            try source.tell("shop", 2, source.store(ToyRelease.compile([big, [0x63]])))
            await rig.serves("shop", 2)
            #expect(source.asked.count == 5)
            #expect(source.asked.filter { $0 == ContentDigest(of: big) }.count == 1)
        }
    }

    @Test("attachable records come after the release is served, and do not hold it up")
    func attaching() async throws {
        let source = ScriptedSource()
        let records = ToyRelease.compile([[1]], attachable: [[2], [3]])
        let latch = Latch()
        source.setFault(.held(latch), of: records[1].digest)
        try source.tell("shop", 1, source.store(records))
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            let release = try #require(rig.feed.app(named: "shop")).release
            #expect(release.attached.withLock { $0.isEmpty })
            latch.open()
            await rig.until { release.attached.withLock { $0.count == 2 } }
        }
    }

    @Test(
        "a record with other bytes, half, missing or cut off keeps the old release, is reported and tried again",
        arguments: [
            ScriptedSource.Fault.bytes(Array("another".utf8)), .bytes(Array("tw".utf8)), .bytes([]), .missing,
            .unreachable,
        ]
    )
    func badRecord(fault: ScriptedSource.Fault) async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            let bad = ContentDigest(of: Array("two".utf8))
            source.setFault(fault, of: bad)
            try source.publish("shop", 2, "two")
            let failure = await rig.fails("shop")
            #expect(!failure.isEmpty)
            #expect(rig.text("shop") == "one")
            #expect(rig.feed.status.apps.first?.wantedNumber == 2)
            // Still bad.
            await rig.untilPausesBring { rig.feed.figures.failedLoads >= 3 }
            #expect(rig.text("shop") == "one")
            source.setFault(nil, of: bad)
            await rig.untilPausesBring { rig.feed.app(named: "shop")?.number == 2 }
            #expect(rig.text("shop") == "two")
            #expect(rig.feed.status.failing.isEmpty)
        }
    }

    @Test("a manifest that is none, or records that do not fit, keep the old release; the next good one is served")
    func badRelease() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            try source.tell("shop", 2, source.store([SettingsRecord(.manifest, bytes: Array("junk".utf8))]))
            _ = await rig.fails("shop")
            try source.publish("shop", 3, "poison")
            await rig.until { rig.feed.status.failing.first?.failure?.contains("poison") == true }
            #expect(rig.text("shop") == "one")
            try source.publish("shop", 4, "four")
            await rig.serves("shop", 4)
            #expect(rig.feed.status.failing.isEmpty)
        }
    }

    @Test("a slow record holds up neither another app nor a newer release of its own")
    func slowRecord() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            let latch = Latch()
            source.setFault(.held(latch), of: ContentDigest(of: Array("two".utf8)))
            try source.publish("shop", 2, "two")
            await rig.until { source.asked.contains(ContentDigest(of: Array("two".utf8))) }
            try source.publish("game", 1, "game")
            await rig.serves("game", 1)
            try source.publish("shop", 3, "three")
            await rig.serves("shop", 3)
            latch.open()
            // The slow one has arrived by now, or will: it never replaces the newer one.
            await rig.until { rig.feed.figures.loads == 4 }
            #expect(rig.text("shop") == "three")
        }
    }

    @Test("of publishes that follow each other while one loads, only the last is loaded")
    func succession() async throws {
        let source = ScriptedSource()
        let latch = Latch()
        for text in ["one", "two"] { source.setFault(.held(latch), of: ContentDigest(of: Array(text.utf8))) }
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.until { source.asked.count == 2 }
            try source.publish("shop", 2, "two")
            await rig.until { source.asked.count == 4 }
            for number in 3...50 { try source.publish("shop", number, "text \(number)") }
            latch.open()
            await rig.serves("shop", 50)
            await rig.until { rig.feed.figures.loads == 3 }
            #expect(source.asked.count == 6)
        }
    }

    @Test("a number that goes backwards is not served; it is counted")
    func backwards() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 7, "seven")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 7)
            try source.publish("shop", 6, "six")
            await rig.until { rig.feed.figures.refusals == 1 }
            #expect(rig.text("shop") == "seven")
            try source.publish("shop", 8, "eight")
            await rig.serves("shop", 8)
        }
    }

    @Test("a roll-back is a new number with old content; what was replaced is remembered, the last four of it")
    func rollBack() async throws {
        let source = ScriptedSource()
        let first = try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            for number in 2...7 {
                try source.publish("shop", number, "text \(number)")
                await rig.serves("shop", number)
            }
            #expect(rig.feed.app(named: "shop")?.earlier.count == 4)
            try source.tell("shop", 8, first.manifest)
            await rig.serves("shop", 8)
            let app = try #require(rig.feed.app(named: "shop"))
            #expect(app.release.text == "one" && app.manifest == first.manifest)
            #expect(!app.earlier.contains { $0.manifest == first.manifest })
            #expect(Set(app.earlier.map(\.manifest)).count == 4)
        }
    }

    @Test("a publish of the same content takes no load")
    func relabelling() async throws {
        let source = ScriptedSource()
        let first = try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            let release = rig.feed.app(named: "shop")?.release
            try source.tell("shop", 2, first.manifest)
            await rig.serves("shop", 2)
            #expect(rig.feed.app(named: "shop")?.release === release)
            #expect(source.asked.count == 2)
        }
    }

    @Test("when the source dies, what was served stays and is said to be old; when it comes back, all is current")
    func sourceDies() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            rig.now.value = 9_000
            source.goDown()
            await rig.until { rig.feed.freshness == .lastGood(sinceMilliseconds: 9_000) }
            #expect(rig.text("shop") == "one")
            rig.now.value = 60_000
            await rig.untilPausesBring { rig.feed.figures.disconnects > 5 }
            #expect(rig.feed.freshness == .lastGood(sinceMilliseconds: 9_000))
            #expect(rig.feed.status.sourceFailure?.contains("script") == true)
            try source.publish("shop", 2, "two")
            source.comeBack()
            await rig.untilPausesBring { rig.feed.app(named: "shop")?.number == 2 }
            #expect(rig.feed.freshness == .current)
            #expect(rig.feed.status.sourceFailure == nil)
        }
    }

    @Test("a source that can't be watched is polled")
    func polling() async throws {
        let source = ScriptedSource()
        source.refuseWatching()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            try source.publish("shop", 2, "two")
            await rig.untilPausesBring { rig.feed.app(named: "shop")?.number == 2 }
            #expect(source.polls > 1)
            #expect(rig.feed.freshness == .current)
        }
    }

    @Test("a feed that has heard of nothing says that it is empty")
    func empty() async throws {
        let source = ScriptedSource()
        source.goDown()
        try await FeedRig.run(source) { rig in
            await rig.until { rig.feed.figures.disconnects > 0 }
            #expect(rig.feed.freshness == .empty)
            source.comeBack()
            // No apps at all is a state like any other.
            await rig.untilPausesBring { rig.feed.freshness == .current }
            #expect(rig.feed.apps.isEmpty)
        }
    }

    @Test("how long a change took is told for those that were pushed, not for those that were there")
    func propagation() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            #expect(rig.feed.figures.propagations == 0)
            rig.now.value = 1_030
            try source.publish("shop", 2, "two")
            await rig.until { rig.feed.figures.propagations == 1 }
            #expect(rig.feed.figures.lastPropagationMilliseconds == 30)
        }
    }

    @Test("readers of changes end with the feed, also those who come later")
    func ending() async throws {
        let source = ScriptedSource()
        try source.publish("shop", 1, "one")
        let kept = Kept()
        try await FeedRig.run(source) { rig in
            await rig.serves("shop", 1)
            kept.feed = rig.feed
            kept.changes = rig.feed.changes()
        }
        for await _ in try #require(kept.changes) {}
        for await _ in try #require(kept.feed).changes() {}
        #expect(kept.feed?.app(named: "shop")?.release.text == "one")
    }
}
