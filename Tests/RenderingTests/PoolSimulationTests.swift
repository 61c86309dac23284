import Testing

@Suite struct PoolSimulationTests {
    @Test(
        "in any world every job gets one answer, no worker two jobs, and the pool ends",
        arguments: 0..<200 as Range<UInt64>
    )
    func play(seed: UInt64) {
        var world = PoolWorld(seed: seed)
        world.play()
        #expect(world.broken.isEmpty, "seed \(seed): \(world.broken.prefix(3))")
        #expect(world.submitted > 300)
    }

    @Test("the worlds see every kind of answer")
    func coverage() {
        var seen: Set<String> = []
        for seed in 0..<20 as Range<UInt64> {
            var world = PoolWorld(seed: seed)
            world.play()
            for outcome in world.finished.values { seen.insert("\(outcome)".prefix { $0 != "(" }.description) }
        }
        #expect(seen == ["replied", "crashed", "deadlineExceeded", "overloaded", "shuttingDown", "cancelled"])
    }
}
