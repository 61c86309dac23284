import DeliveryTypes
import JSON
import Settings
import Testing

@Suite("Releases")
struct ReleaseTests {
    /// Big enough for several values records.
    private static func project(_ settings: Int, edited: Set<Int> = [], leaving left: Int? = nil) -> String {
        let features = (0..<settings).filter { $0 != left }.map { index in
            let text = String(repeating: "v\(index).", count: 300) + (edited.contains(index) ? "!" : "")
            return "\"setting\(index)\": {\"defaultValue\": \"\(text)\", \"rules\": "
                + "[{\"condition\": {\"n\": \(index)}, \"force\": \"\(text)2\"}]}"
        }
        return "{\"features\": {\(features.joined(separator: ","))}}"
    }

    @Test("equal text gives equal records")
    func deterministic() throws {
        for seed in 0..<40 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let text = project.document()
            #expect(try Compiled.release(text).records == Compiled.release(text).records)
        }
    }

    @Test("a manifest reads as it was written")
    func manifest() throws {
        for seed in 0..<40 as Range<UInt64> {
            var project = RandomProject(seed: seed)
            let release = try Compiled.release(project.document())
            let record = try #require(release.records.last)
            #expect(record.digest == release.digest)
            #expect(try ReleaseManifest(record) == release.manifest)
            let stored = Set(release.records.map(\.digest))
            #expect(release.manifest.references.allSatisfy { stored.contains($0.digest) })
        }
    }

    @Test("the dictionary is the document of someone whom no rule knows")
    func dictionary() throws {
        let text = #"""
            {"features": {"a": {"defaultValue": 1, "rules": [{"condition": {"x": 1}, "force": 2}]},
                          "b": {"defaultValue": [ 1 ]}, "c": {"rules": [{"condition": {"x": 1}, "force": 2}]}}}
            """#
        let release = try Compiled.release(text)
        let record = try #require(release.records.first { $0.digest == release.manifest.dictionary.digest })
        #expect(record.bytes == Assembler(try LoadedRelease(release).evaluate(Compiled.context())).bytes())
        #expect(String(decoding: record.bytes, as: UTF8.self) == #"{"b":[1],"a":1,"c":null}"#)
    }

    @Test("an edit changes one of the values records")
    func edit() throws {
        let old = try Compiled.release(Self.project(600))
        let new = try Compiled.release(Self.project(600, edited: [300]))
        #expect(old.manifest.values.count > 2)
        let loaded = try LoadedRelease(old)
        let needed = LoadedRelease.needed(for: new.manifest, having: loaded)
        #expect(needed.filter { $0.kind == .values }.count == 1)
        let names = Set(needed.map(\.digest))
        let reused = try LoadedRelease(
            manifest: new.manifest,
            records: new.records.filter { names.contains($0.digest) },
            reusing: loaded
        )
        let context = Compiled.context(["n": 300])
        let whole = try LoadedRelease(new)
        #expect(Compiled.document(reused.evaluate(context)) == Compiled.document(whole.evaluate(context)))
    }

    @Test("a setting taken away changes the values record it was in")
    func removal() throws {
        let old = try Compiled.release(Self.project(600))
        let new = try Compiled.release(Self.project(600, leaving: 3))
        let shared = Set(old.manifest.values).intersection(new.manifest.values)
        #expect(shared.count >= old.manifest.values.count - 2)
        #expect(shared.count >= 1)
        let loaded = try LoadedRelease(manifest: new.manifest, records: new.records, reusing: try LoadedRelease(old))
        #expect(loaded.names.count == 599)
        let context = Compiled.context(["n": 5])
        let whole = try LoadedRelease(new)
        #expect(Compiled.document(loaded.evaluate(context)) == Compiled.document(whole.evaluate(context)))
    }

    @Test("a missing record is named")
    func missing() throws {
        let release = try Compiled.release(Self.project(3))
        for reference in release.manifest.essential {
            #expect(throws: ReleaseError.missing(reference.digest)) {
                try LoadedRelease(
                    manifest: release.manifest,
                    records: release.records.filter { $0.digest != reference.digest }
                )
            }
        }
    }

    @Test("bytes that are not what their name says are no record")
    func verified() throws {
        let release = try Compiled.release(Self.project(3))
        for record in release.records {
            var bytes = record.bytes
            #expect(SettingsRecord(record.reference, bytes: bytes) == record)
            bytes[bytes.count / 2] ^= 1
            #expect(SettingsRecord(record.reference, bytes: bytes) == nil)
        }
    }

    @Test("records that contradict each other are refused, never trusted")
    func damaged() throws {
        var chance = Chance(5)
        var project = RandomProject(seed: 11)
        let release = try Compiled.release(project.document())
        let context = project.context()
        var refused = 0
        for _ in 0..<4_000 {
            let victim = chance.pick(release.records.filter { $0.kind != .source && $0.kind != .dictionary })
            var bytes = victim.bytes
            for _ in 0...Int.random(in: 0..<3, using: &chance) where !bytes.isEmpty {
                switch Int.random(in: 0..<3, using: &chance) {
                case 0:
                    bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
                case 1: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &chance))
                default:
                    let byte = chance.pick(Array("\n,:{}[]\"0123".utf8))
                    bytes.insert(byte, at: Int.random(in: 0...bytes.count, using: &chance))
                }
            }
            let damaged = SettingsRecord(victim.kind, bytes: bytes)
            do {
                let manifest = try Self.manifest(release, replacing: victim, with: damaged)
                let records = release.records.map { $0.digest == victim.digest ? damaged : $0 }
                let loaded = try LoadedRelease(manifest: manifest, records: records)
                for record in records { try loaded.attach(record) }
                _ = loaded.evaluate(context)
                loaded.prepareWantedPartitions()
                let assembler = Assembler(loaded.evaluate(context))
                #expect(assembler.bytes().count == assembler.byteCount)
            } catch is ReleaseError {
                refused += 1
            }
        }
        #expect(refused > 1_000)
    }

    /// A manifest that names the damaged record, as a publisher gone wrong would write it.
    private static func manifest(
        _ release: Release,
        replacing victim: SettingsRecord,
        with damaged: SettingsRecord
    ) throws -> ReleaseManifest {
        if victim.kind == .manifest { return try ReleaseManifest(damaged) }
        let text = String(decoding: release.manifest.record.bytes, as: UTF8.self)
        let old = "\"sha256\":\"\(victim.digest.hex)\",\"bytes\":\(victim.bytes.count)"
        let new = "\"sha256\":\"\(damaged.digest.hex)\",\"bytes\":\(damaged.bytes.count)"
        let pieces = text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        return try ReleaseManifest(SettingsRecord(.manifest, bytes: Array(pieces.utf8)))
    }

    @Test("an invalid document makes no release, and every error says where it is")
    func invalid() throws {
        let text = Array(
            #"{"features": {"a": {"rules": [{"variations": [1, 2], "weights": "x"}]}, "b": {"rules": 5}}}"#.utf8
        )
        do throws(ReleaseError) {
            _ = try ReleaseCompiler().compile(text)
            Issue.record("compiled")
        } catch {
            guard case .invalid(let issues) = error else { throw error }
            #expect(issues.contains { $0.severity == .error && $0.feature == "a" && $0.rule == 0 })
            #expect(issues == ReleaseCompiler().issues(in: text))
        }
        #expect(ReleaseCompiler().issues(in: Array("{".utf8)).count == 1)
        #expect(ReleaseCompiler().issues(in: Array(#"{"features": {}}"#.utf8)).isEmpty)
    }

    @Test("a format from the future is told apart from damage")
    func future() throws {
        let text = Array(#"{"format":2}"#.utf8)
        #expect(throws: ReleaseError.unknownFormat(.manifest, 2)) {
            try ReleaseManifest(SettingsRecord(.manifest, bytes: text))
        }
    }
}
