import Caching
import FoundationEssentials
import Testing
import VitrineTesting

@testable import Edge

@Suite("The purge log")
struct PurgeLogTests {
    private static func record(_ sequence: UInt64, _ scope: PurgeScope, _ mode: PurgeMode = .hard) -> PurgeRecord {
        PurgeRecord(sequence: sequence, scope: scope, mode: mode, author: "ann \"the\" operator", node: "one")
    }

    private static let samples = [
        record(1_795_219_200_000_000, .url("http://a/x?y=ö")),
        record(1_795_219_200_000_001, .prefix("http://a/"), .soft),
        record(1_795_219_200_000_002, .tag("red/blue")), record(1_795_219_200_000_003, .everything, .soft),
    ]

    private static func text(_ folder: TemporaryFolder) throws -> String {
        String(
            decoding: try #require(FileManager.default.contents(atPath: folder.path(of: "purges.log"))),
            as: UTF8.self
        )
    }

    private static func append(_ text: String, _ folder: TemporaryFolder) throws {
        let bytes = Array((try self.text(folder) + text).utf8)
        try folder.write(bytes, to: "purges.log")
    }

    @Test("what was appended is there when the log is opened again, in its order")
    func reopens() async throws {
        let folder = try TemporaryFolder()
        let log = try PurgeLog.open(folder: folder.path(of: "new/folder"))
        #expect(log.records.isEmpty)
        for record in Self.samples { try await log.append(record) }
        #expect(try PurgeLog.open(folder: folder.path(of: "new/folder")).records == Self.samples)
        #expect(try PurgeLog.open(folder: folder.path(of: "new/folder")).records == Self.samples)
    }

    @Test("the format is that of docs/formats/purge-log.md, byte for byte")
    func golden() async throws {
        let folder = try TemporaryFolder()
        let log = try PurgeLog.open(folder: folder.path)
        for record in Self.samples { try await log.append(record) }
        try Golden.expect(try Self.text(folder), "purge-log.jsonl")
    }

    @Test("a line that a crash has cut is left out, and the next ones are whole")
    func cut() async throws {
        let folder = try TemporaryFolder()
        try await PurgeLog.open(folder: folder.path).append(Self.samples[0])
        let whole = try Self.text(folder)
        for length in 1..<whole.utf8.count - 1 {
            try folder.write(Array(whole.utf8) + Array(whole.utf8.prefix(length)), to: "purges.log")
            let log = try PurgeLog.open(folder: folder.path)
            #expect(log.records == [Self.samples[0]])
            try await log.append(Self.samples[1])
            #expect(try PurgeLog.open(folder: folder.path).records == Array(Self.samples.prefix(2)))
        }
    }

    @Test("lines of other programs do not end the reading")
    func foreign() async throws {
        let folder = try TemporaryFolder()
        try await PurgeLog.open(folder: folder.path).append(Self.samples[0])
        try Self.append("\n{}\nnonsense\n{\"sequence\":-1}\n\u{0}\n", folder)
        let log = try PurgeLog.open(folder: folder.path)
        try await log.append(Self.samples[1])
        #expect(try PurgeLog.open(folder: folder.path).records == Array(Self.samples.prefix(2)))
    }

    @Test("a folder that cannot be used is said so, with its path")
    func unusable() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([1], to: "file")
        #expect {
            _ = try PurgeLog.open(folder: file)
        } throws: { error in
            guard case .storage(let reason)? = error as? EdgeFailure else { return false }
            return reason.contains(file)
        }
    }

    @Test("compaction forgets names, never purges")
    func compacts() {
        var random = SeededGenerator(seed: 3)
        let records = (0..<101).map { number in
            Self.record(UInt64(1_000 + number * 10), .url("http://a/\(Int.random(in: 0..<30, using: &random))"))
        }
        let compacted = PurgeLog.compacted(records)
        #expect(compacted.count == 51)
        let (before, after) = (Self.table(records), Self.table(compacted))
        for number in 0..<30 {
            for born in stride(from: UInt64(990), to: 2_020, by: 5) {
                let subject = PurgeSubject(bornSequence: born, url: "http://a/\(number)", tags: [])
                let (old, new) = (before.verdict(for: subject), after.verdict(for: subject))
                #expect(new >= old)
                if born >= 1_510 { #expect(new == old) }
            }
        }
    }

    private static func table(_ records: [PurgeRecord]) -> PurgeTable {
        var table = PurgeTable()
        for record in records {
            if let rule = record.rule { table.purge(rule.scope, rule.mode, floor: record.sequence) }
        }
        return table
    }

    @Test("a log read again means the same as the table that it was written for")
    func meaning() async throws {
        let folder = try TemporaryFolder()
        let log = try PurgeLog.open(folder: folder.path)
        for record in Self.samples.prefix(3) { try await log.append(record) }
        let table = PurgeService.table(from: try PurgeLog.open(folder: folder.path))
        let old = PurgeSubject(bornSequence: 5, url: "http://a/x?y=ö", tags: [])
        let tagged = PurgeSubject(bornSequence: 5, url: "http://b/", tags: ["red/blue"])
        let new = PurgeSubject(bornSequence: 1_795_219_200_000_002, url: "http://a/x?y=ö", tags: ["red/blue"])
        #expect(table.verdict(for: old) == .gone && table.verdict(for: tagged) == .gone)
        #expect(table.verdict(for: new) == .live)
    }

    @Test("records of an unknown kind have no rule")
    func unknown() {
        var record = Self.samples[0]
        record.scope = "planet"
        #expect(record.rule == nil)
        record = Self.samples[0]
        record.mode = "gentle"
        #expect(record.rule == nil)
        for sample in Self.samples { #expect(sample.rule != nil) }
    }
}
