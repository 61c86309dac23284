import JSON
import Settings
import Testing

@Suite("Partitions")
struct PartitionTests {
    @Test("specialised and general rules give the same answer", arguments: 0..<8)
    func sameAnswer(part: UInt64) throws {
        var specialised = 0
        for seed in (part * 60)..<(part * 60 + 60) {
            var project = RandomProject(seed: seed)
            let text = project.document()
            let release = try Compiled.loaded(text)
            let contexts = (0..<30).map { _ in project.context() }
            for context in contexts { _ = release.evaluate(context) }
            release.prepareWantedPartitions()
            for context in contexts {
                let answer = release.evaluate(context)
                let general = release.evaluateGenerally(context)
                specialised += answer.partition == nil ? 0 : 1
                let place: Comment = "seed \(seed): \(text) \(context.attributes)"
                #expect(Assembler(answer).bytes() == Assembler(general).bytes(), place)
                #expect(answer.etag == general.etag, place)
                #expect(answer.token == general.token, place)
                #expect(answer.sticky?.toStore == general.sticky?.toStore, place)
                #expect(
                    answer.assignments.map { String(describing: $0) }
                        == general.assignments.map { String(describing: $0) },
                    place
                )
            }
        }
        #expect(specialised > 200)
    }

    @Test("a variation forced by the URL reaches an experiment whose condition the partition rules out")
    func forcedVariationByURL() throws {
        let text = #"""
            {"features": {"s": {"defaultValue": 0, "rules": [
              {"condition": {"platform": "ios"}, "key": "e", "variations": [1, 2]}]}}}
            """#
        let release = try Compiled.loaded(text)
        var context = Compiled.context(["platform": "ios", "id": "1"])
        _ = release.evaluate(context)
        release.prepareWantedPartitions()
        #expect(release.evaluate(context).partition == PartitionKey(platform: "ios", country: nil))
        context.url = "https://x.test/?e=1"
        #expect(release.evaluate(context).partition == nil)
    }
}
