import Crypto
import DeliveryTypes
import FoundationEssentials
import Testing
import VitrineTesting

@testable import Ledger

@Suite("Reading exports")
struct ExportReaderTests {
    private let folder: TemporaryFolder
    private var writer: ExportWriter { ExportWriter(folder: folder.path) }

    init() throws { folder = try TemporaryFolder() }

    private static func read(_ export: UsageExport, batchRows: Int = 3) throws -> [ExportBatch] {
        var reader = ExportReader(export, batchRows: batchRows)
        var batches: [ExportBatch] = []
        while let batch = try reader.next() { batches.append(batch) }
        return batches
    }

    private func export(_ number: Int64 = 1) throws -> UsageExport {
        try #require(try ExportFolder(path: folder.path).export(number))
    }

    private func damage(_ body: () throws -> Void) -> DamagedExport? {
        let error = #expect(throws: LedgerError.self, performing: body)
        guard case .damaged(let damage) = error else { return nil }
        return damage
    }

    private static func daily(_ lines: [String]) -> ExportWriter.Part {
        ExportWriter.Part(table: .creatorDaily, name: "d.csv", lines: lines)
    }

    @Test("the golden export is read as it was written")
    func golden() throws {
        let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Goldens/usage-export").path()
        let export = try #require(try ExportFolder(path: goldens).export(1))
        #expect(export.run == 7 && export.rows == 5 && export.parts.count == 2)
        let batches = try Self.read(export, batchRows: 2)
        #expect(batches.map(\.rows) == [2, 1, 2])
        #expect(batches.map(\.table) == [.creatorDaily, .creatorDaily, .payouts])
        guard case .daily(let rows) = try BatchRows(.creatorDaily, lines: batches[0].lines + batches[1].lines),
            case .payouts(let payouts) = try BatchRows(.payouts, lines: batches[2].lines)
        else { throw ConformanceFailure("another table") }
        #expect(rows.map(\.creator) == ["ada", "ada", "grace, \"admiral\""])
        #expect(rows.map(\.day.description) == ["2026-11-20", "2026-11-21", "2026-11-21"])
        #expect(rows.map(\.contentType) == ["template", "photo", "template"])
        #expect(rows.map(\.uses) == [1_204, 0, 3])
        #expect(rows.map(\.amount.text) == ["12.040000000", "0", "0.030000000"])
        #expect(rows.map(\.isDeleted) == [false, true, false])
        #expect(payouts.map(\.status) == ["closed", "open"])
        #expect(payouts.map(\.period.description) == ["2026-10", "2026-11"])
    }

    @Test("only folders named in digits are exports, in the order of their numbers")
    func numbers() throws {
        for number in [Int64(10), 2, 1] { try writer.write(number, []) }
        for name in ["tmp-3", ".4", "5x", "-6", "manifest.json", "99999999999999999999999"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(of: name),
                withIntermediateDirectories: false
            )
        }
        let exports = ExportFolder(path: folder.path)
        #expect(try exports.numbers() == [1, 2, 10])
        #expect(try exports.export(3) == nil)
        #expect(try ExportFolder(path: folder.path(of: "none")).numbers() == [])
        try FileManager.default.createDirectory(atPath: folder.path(of: "02"), withIntermediateDirectories: false)
        #expect(throws: LedgerError.self) { try exports.numbers() }
    }

    @Test(
        "a row that cannot be one is named by its line",
        arguments: [
            "2026-02-30,c,t,1,1,0", "2026-02-03,,t,1,1,0", "2026-02-03,c,,1,1,0", "2026-02-03,c,t,x,1,0",
            "2026-02-03,c,t,9223372036854775808,1,0", "2026-02-03,c,t,+1,1,0", "2026-02-03,c,t,1,1e3,0",
            "2026-02-03,c,t,1,,0", "2026-02-03,c,t,,1,0", "2026-02-03,c,t,1,1,2", "2026-02-03,c,t,1,1",
            "2026-02-03,c,t,1,1,0,0", "2026-02-03,\"c,t,1,1,0", "2026-02-03,c\"d,t,1,1,0", "2026-02-03,\"c\"d,t,1,1,0",
            "2026-02-03,c\u{1},t,1,1,0", "2026-02-03,c\r,t,1,1,0", "", "2026-02-03,c,t,1,1,0\r",
            "2026-02-03,\(String(repeating: "c", count: 257)),t,1,1,0",
        ]
    )
    func row(_ line: String) throws {
        try writer.write(1, [Self.daily(["2026-02-01,c,t,1,1,0", "2026-02-02,c,t,1,1,0", line])])
        let export = try export()
        let damage = damage { _ = try Self.read(export) }
        #expect(damage?.file == "d.csv" && damage?.line == 4, "\(String(describing: damage))")
        #expect(damage?.description.contains("2026-02-03") == false)
    }

    @Test("rows come in the order of their keys, none twice, through all parts")
    func order() throws {
        let good = ["2026-02-01,Z,t,1,1,0", "2026-02-01,a,t,1,1,0", "2026-02-01,a,u,1,1,0", "2026-02-01,ä,t,1,1,0"]
        try writer.write(1, [Self.daily(good)])
        #expect(try Self.read(try export()).map(\.rows) == [3, 1])
        var number: Int64 = 1
        for (first, second) in [(1, 0), (2, 1), (3, 2), (1, 1), (3, 0)] {
            number += 1
            try writer.write(number, [Self.daily([good[first], good[second]])])
            let export = try export(number)
            #expect(damage { _ = try Self.read(export) }?.line == 3)
            number += 1
            var other = Self.daily([good[second]])
            other.name = "e.csv"
            try writer.write(number, [Self.daily([good[first]]), other])
            let parts = try self.export(number)
            #expect(damage { _ = try Self.read(parts) }?.file == "e.csv")
        }
    }

    @Test("a deleted row may lack its values")
    func deleted() throws {
        try writer.write(
            1,
            [
                Self.daily(["2026-02-01,c,t,,,1"]),
                ExportWriter.Part(table: .payouts, name: "p.csv", lines: ["2026-02,c,,,,1"]),
            ]
        )
        let batches = try Self.read(try export())
        guard case .daily(let rows) = try BatchRows(.creatorDaily, lines: batches[0].lines) else { return }
        #expect(rows.map(\.isDeleted) == [true] && rows[0].uses == 0 && rows[0].amount.text == "0")
    }

    @Test("whatever byte of a part is changed, added or lost, the part is named and no end is reached")
    func everyByte() throws {
        let path = try writer.write(1, [Self.daily((10..<16).map { "2026-02-\($0),c,t,\($0),1.5,0" })])
        let file = URL(filePath: path + "/d.csv")
        let whole = Array(try Data(contentsOf: file))
        let export = try export()
        #expect(try Self.read(export).map(\.rows) == [3, 3])
        for index in whole.indices {
            for change in 0..<3 {
                var bytes = whole
                switch change {
                case 0: bytes[index] ^= 0x10
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[index], at: index)
                }
                try Data(bytes).write(to: file)
                #expect(damage { _ = try Self.read(export) }?.file == "d.csv", "byte \(index), change \(change)")
            }
        }
        try FileManager.default.removeItem(at: file)
        #expect(damage { _ = try Self.read(export) }?.file == "d.csv")
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(damage { _ = try Self.read(export) }?.file == "d.csv")
    }

    @Test(
        "lines that were changed are refused, or are rows in order that read the same again",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = UsageModel()
        let path = try { () throws -> String in
            try model.writeNext(to: writer, rows: 12, using: &random)
            return folder.path(of: "00000000000000000001")
        }()
        let original = try export()
        let part = try #require(original.parts.first)
        let whole = Array(try Data(contentsOf: URL(filePath: "\(path)/\(part.file)")))
        let marks = Array("\",\n\r\\0-.a\u{0}é".utf8)
        var kept = 0
        for round in 0..<800 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = marks[Int.random(in: 0..<marks.count, using: &random)]
                case 1: bytes.insert(marks[Int.random(in: 0..<marks.count, using: &random)], at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1))
                default: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            // A manifest that fits, so that the lines themselves are looked at.
            var export = original
            let lines = bytes.filter { $0 == UInt8(ascii: "\n") }.count
            export.parts = [
                ExportPart(
                    table: part.table,
                    file: part.file,
                    rows: max(0, lines - 1),
                    bytes: bytes.count,
                    sha256: ContentDigest(bytes: Array(SHA256.hash(data: bytes)))
                )
            ]
            try Data(bytes).write(to: URL(filePath: "\(path)/\(part.file)"))
            do {
                let batches = try Self.read(export)
                let again = try BatchRows(part.table, lines: batches.flatMap(\.lines))
                #expect(again.count == lines - 1, "seed \(seed), round \(round)")
                if case .daily(let rows) = again {
                    let isOrdered = zip(rows, rows.dropFirst()).allSatisfy { $0.precedes($1) }
                    #expect(isOrdered, "seed \(seed), round \(round)")
                }
                kept += 1
            } catch LedgerError.damaged(let damage) {
                #expect(damage.file == part.file)
            }
        }
        #expect(kept > 20, "the fuzzing never gets through: \(kept)")
    }

    @Test(
        "manifests that were changed are refused, or name parts that stay in their folder",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func manifests(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let part = Self.daily(["2026-02-01,c,t,1,1,0"])
        let whole = ExportWriter.manifest(1, [part, ExportWriter.Part(table: .payouts, name: "p.csv", lines: [])])
        #expect(try UsageExport(manifest: whole, number: 1, folder: "f").parts.count == 2)
        let marks = Array("\"{}[],:0129.-/\\etru\u{0}é".utf8)
        for round in 0..<1_500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = marks[Int.random(in: 0..<marks.count, using: &random)]
                case 1: bytes.insert(marks[Int.random(in: 0..<marks.count, using: &random)], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 9))
                }
            }
            do throws(LedgerError) {
                let export = try UsageExport(manifest: bytes, number: 1, folder: "f")
                for part in export.parts {
                    let isSafe = !part.file.contains("/") && part.file.first != "." && !part.file.isEmpty
                    #expect(isSafe && part.rows >= 0 && part.bytes >= 0, "seed \(seed), round \(round)")
                }
            } catch {
                guard case .damaged(let damage) = error else { throw error }
                #expect(damage.file == "manifest.json" && damage.number == 1)
            }
        }
    }

    @Test(
        "a manifest that cannot be one is refused",
        arguments: [
            #"{}"#, #"[]"#, #"{"version":2,"number":1,"run":1,"parts":[]}"#,
            #"{"version":1,"number":2,"run":1,"parts":[]}"#,
            #"{"version":1,"number":1,"parts":[]}"#, #"{"version":1,"number":1,"run":1}"#,
            #"{"version":1,"number":1,"run":1,"parts":[{}]}"#, #"{"version":1,"number":1.5,"run":1,"parts":[]}"#,
            #"{"version":1,"number":1,"run":-1,"parts":[]}"#,
        ]
    )
    func noManifest(_ text: String) {
        #expect(
            damage { _ = try UsageExport(manifest: Array(text.utf8), number: 1, folder: "f") }?.file == "manifest.json"
        )
    }

    @Test(
        "a part's name stays in its folder",
        arguments: ["../d.csv", "/etc/passwd", ".d", "", "a b", "d/e", "manifest.json"]
    )
    func names(_ name: String) {
        let text =
            #"{"version":1,"number":1,"run":1,"parts":[{"table":"payouts","file":"\#(name)","rows":0,"bytes":0,"#
            + #""sha256":""# + String(repeating: "0", count: 64) + #""}]}"#
        #expect(damage { _ = try UsageExport(manifest: Array(text.utf8), number: 1, folder: "f") } != nil)
    }
}
