import DeliveryTypes
import HTTPTypes
import Synchronization
import Testing

@testable import Edge

@Suite("Picture experiments", .timeLimit(.minutes(2)))
struct PictureTrialTests {
    private static let digest = String(repeating: "0123456789abcdef", count: 4)
    private static let open = "/img/good/w:100/plain/original://\(digest)"
    private static let fixed = "/img/good/w:100/plain/original://\(digest)@jpg"
    private static let browser = "Accept: image/avif,image/webp,*/*\r\n"

    /// Signatures are `good` for what viewers ask, `ours` for what the trial writes.
    private static let naming: PictureNaming = {
        let presets: Presets
        do throws(PresetsError) { presets = try Presets([String]()) } catch { preconditionFailure("\(error)") }
        return PictureNaming(
            negotiation: Negotiation(),
            defaults: RenderDefaults(),
            presets: presets,
            watermark: nil
        ) { signature, _, _ in signature == "good" || signature == "ours" }
    }()

    /// Viewer `a` is in the arm `avif q50`, `b` in the arm that changes nothing; others take no part.
    private static let assignment: PictureTrial.Assignment = { request in
        switch request.headerFields[.cookie] {
        case "vid=a":
            PictureArm(
                experiment: "look",
                variation: "small",
                format: .avif,
                quality: 50,
                formatsOfAllArms: [.avif]
            )
        case "vid=b":
            PictureArm(
                experiment: "look",
                variation: "control",
                format: nil,
                quality: nil,
                formatsOfAllArms: [.avif]
            )
        default: nil
        }
    }

    private static func run(
        _ witness: @escaping PictureTrial.Witness = { _, _, _ in },
        _ test: @escaping @Sendable (EdgeRig, PictureTrial) async throws -> Void
    ) async throws {
        let trial = PictureTrial(viewerFields: [.cookie], witness: witness) { _ in "ours" }
        var options = EdgeRig.Options()
        options.naming = naming
        options.trial = trial
        try await EdgeRig.run(options) { request, _, sink throws(EdgeFailure) in
            try await sink.answer(200, [.cacheControl: "max-age=60", .vary: "Accept"], request.path ?? "")
        } _: { rig in
            try await test(rig, trial)
        }
    }

    @Test("a viewer gets the arm's format and quality where the URL leaves it open, and only there")
    func arms() async throws {
        try await Self.run { rig, trial in
            trial.run(Self.assignment, mark: "1")
            let small = try await rig.get(Self.open, Self.browser + "Cookie: vid=a\r\n")
            let written = "/img/ours/format:avif/quality:50/w:100/plain/original://\(Self.digest)"
            #expect(small.text == written)
            #expect(small["vitrine-arm"] == "look/small")
            #expect(small["vary"] == "Accept, Cookie")
            let control = try await rig.get(Self.open, Self.browser + "Cookie: vid=b\r\n")
            #expect(control.text == Self.open && control["vitrine-arm"] == "look/control")
            let outsider = try await rig.get(Self.open, Self.browser)
            #expect(outsider.text == Self.open && outsider["vitrine-arm"] == nil)
            #expect(outsider["vary"] == "Accept, Cookie")
            let fixed = try await rig.get(Self.fixed, Self.browser + "Cookie: vid=a\r\n")
            #expect(fixed.text == Self.fixed && fixed["vitrine-arm"] == nil)
        }
    }

    @Test("a browser that cannot show every arm's format is in none")
    func cannotShow() async throws {
        try await Self.run { rig, trial in
            trial.run(Self.assignment, mark: "1")
            for viewer in ["a", "b"] {
                let answer = try await rig.get(Self.open, "Accept: image/webp\r\nCookie: vid=\(viewer)\r\n")
                #expect(answer.text == Self.open && answer["vitrine-arm"] == nil)
            }
        }
    }

    @Test("what is not signed is never signed for the viewer")
    func unsigned() async throws {
        try await Self.run { rig, trial in
            trial.run(Self.assignment, mark: "1")
            let path = "/img/bad/w:100/plain/original://\(Self.digest)"
            let answer = try await rig.get(path, Self.browser + "Cookie: vid=a\r\n")
            #expect(answer.text == path && answer["vitrine-arm"] == nil)
        }
    }

    @Test("what the hit path learnt before, during and after an experiment is right at each time")
    func epochs() async throws {
        try await Self.run { rig, trial in
            let fields = Self.browser + "Cookie: vid=a\r\n"
            let client = try await rig.connect()
            let ask = "GET \(Self.open) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
            for _ in 0..<3 { #expect(try await client.exchange(ask).text == Self.open) }
            #expect(rig.parts.metrics.requests(.hit) > 0)
            trial.run(Self.assignment, mark: "1")
            for _ in 0..<3 { #expect(try await client.exchange(ask)["vitrine-arm"] == "look/small") }
            trial.run(nil, mark: "2")
            for _ in 0..<3 {
                let answer = try await client.exchange(ask)
                #expect(answer.text == Self.open && answer["vitrine-arm"] == nil)
            }
            await client.close()
        }
    }

    @Test("the ledger keeps hits and misses of each arm apart, and the witness hears of each picture")
    func ledger() async throws {
        let seen = Mutex<[String]>([])
        try await Self.run { arm, request, trace in
            seen.withLock { $0.append("\(arm.variation) \(request.path == Self.open) \(trace.count)") }
        } _: { rig, trial in
            trial.run(Self.assignment, mark: "1")
            for viewer in ["a", "a", "b", "b", "b", "c"] {
                _ = try await rig.get(Self.open, Self.browser + "Cookie: vid=\(viewer)\r\n")
            }
            // The answer is out before it is counted.
            await until { seen.withLock { $0.count } == 5 }
            let rows = trial.ledger.reading
            #expect(rows.map(\.variation) == ["control", "small"])
            // The third viewer, who takes no part, is not counted; control shares the picture with nobody yet.
            #expect(rows.map(\.hits.pictures) == [2, 1])
            #expect(rows.map(\.misses.pictures) == [1, 1])
            #expect(rows.allSatisfy { $0.hits.bytes == $0.hits.pictures * ($0.misses.bytes) })
        }
        let told = seen.withLock { $0 }
        #expect(told.sorted().first == "control true 55")
        #expect(told.filter { $0 == "small true 55" }.count == 2)
    }

    @Test("the arms in the ledger are bounded")
    func bounded() {
        let ledger = ArmLedger()
        for number in 0..<200 {
            let arm = PictureArm(
                experiment: "e\(number)",
                variation: "v",
                format: nil,
                quality: nil,
                formatsOfAllArms: []
            )
            ledger.count(arm, isHit: false, bytes: 1, microseconds: 1)
        }
        #expect(ledger.reading.count == ArmLedger.armsMax + 1)
        #expect(ledger.reading.reduce(0) { $0 + $1.misses.pictures } == 200)
    }
}
