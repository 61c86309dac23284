import FoundationEssentials
import Ledger
import VitrineTesting

extension ServiceDatabaseConformance {
    private static func row(_ creator: String, uses: Int64) -> DailyState {
        DailyState(day: "2026-02-03", creator: creator, contentType: "photo", uses: uses, amount: "1.50")
    }

    static let exports = [
        ServiceDatabaseConformance("an export is taken once") { harness in
            var model = UsageModel()
            try model.write(to: harness.writer, daily: (0..<12).map { row("c\($0)", uses: $0) })
            try await harness.withDatabase { database in
                let export = try harness.export(1)
                let first = try await database.enqueue(export, batchRows: 5)
                // The parts have seven rows, and no batch spans two.
                try require(first == .enqueued(rows: 12, batches: 3), "\(first)")
                try require(try await database.enqueue(export, batchRows: 5) == .known, "waiting")
                while try await database.unload() != nil {}
                try require(try await database.enqueue(export, batchRows: 5) == .known, "applied")
                try require(try await database.backlog().rows == 0, "it came back")
            }
        },
        ServiceDatabaseConformance("an export without rows counts as applied") { harness in
            try harness.writer.write(1, [])
            try await harness.withDatabase { database in
                let outcome = try await database.enqueue(try harness.export(1), batchRows: 5)
                try require(outcome == .enqueued(rows: 0, batches: 0), "\(outcome)")
                let backlog = try await database.backlog()
                try require(backlog.applied == 1 && backlog.enqueued == 1, "\(backlog)")
            }
        },
        ServiceDatabaseConformance("exports come in order, beginning with 1") { harness in
            for number in [Int64(1), 2, 3, 4] { try harness.writer.write(number, []) }
            try await harness.withDatabase { database in
                for (expected, offered) in [(Int64(1), Int64(2)), (2, 3), (2, 4)] {
                    if expected == 2 { _ = try await database.enqueue(try harness.export(1), batchRows: 5) }
                    let export = try harness.export(offered)
                    let error = try await failure("a gap") { () async throws(LedgerError) in
                        _ = try await database.enqueue(export, batchRows: 5)
                    }
                    guard case .gap(expected, offered) = error else { throw ConformanceFailure("\(error)") }
                }
            }
        },
        ServiceDatabaseConformance("a database that has nothing begins with a baseline; later ones are only noted") {
            harness in
            try harness.writer.write(7, daily: [row("a", uses: 5), row("b", uses: 6)], payouts: [], isBaseline: true)
            try harness.writer.write(8, daily: [row("a", uses: 9)], payouts: [])
            try harness.writer.write(9, daily: [row("z", uses: 1)], payouts: [], isBaseline: true)
            try harness.writer.write(11, daily: [row("z", uses: 1)], payouts: [], isBaseline: true)
            try await harness.withDatabase { database in
                let first = try await database.enqueue(try harness.export(7), batchRows: 5)
                try require(first == .enqueued(rows: 2, batches: 1), "\(first)")
                _ = try await database.enqueue(try harness.export(8), batchRows: 5)
                let noted = try await database.enqueue(try harness.export(9), batchRows: 5)
                try require(noted == .enqueued(rows: 0, batches: 0), "\(noted)")
                while try await database.unload() != nil {}
                let uses = try await all("a", in: database)?.days.map(\.uses)
                try require(uses == [9], "\(String(describing: uses))")
                try require(try await all("z", in: database) == nil, "a baseline changed something")
                let export = try harness.export(11)
                let error = try await failure("a gap") { () async throws(LedgerError) in
                    _ = try await database.enqueue(export, batchRows: 5)
                }
                guard case .gap(10, 11) = error else { throw ConformanceFailure("\(error)") }
            }
        },
        ServiceDatabaseConformance("another export under a known number is refused") { harness in
            try harness.writer.write(1, [])
            try await harness.withDatabase { database in
                _ = try await database.enqueue(try harness.export(1), batchRows: 5)
                let other = ExportWriter(folder: harness.folder.path(of: "other"))
                try other.write(1, daily: [row("c", uses: 1)], payouts: [])
                guard let export = try ExportFolder(path: other.folder).export(1) else { return }
                let error = try await failure("replaced") { () async throws(LedgerError) in
                    _ = try await database.enqueue(export, batchRows: 5)
                }
                guard case .replaced(1) = error else { throw ConformanceFailure("\(error)") }
                try require(try await all("c", in: database) == nil, "something of it was taken")
            }
        },
        ServiceDatabaseConformance("of a damaged export nothing is taken, and it is named") { harness in
            let folder = try harness.writer.write(
                1,
                daily: (10..<40).map { row("c\($0)", uses: $0) },
                payouts: [PayoutState(period: "2026-02", creator: "c1", uses: 1, amount: "1", status: "open")]
            )
            let path = folder + "/payouts-1.csv"
            var bytes = Array(try Data(contentsOf: URL(filePath: path)))
            bytes[bytes.count - 6] ^= 1
            try Data(bytes).write(to: URL(filePath: path))
            try await harness.withDatabase { database in
                let export = try harness.export(1)
                let error = try await failure("damaged") { () async throws(LedgerError) in
                    _ = try await database.enqueue(export, batchRows: 5)
                }
                guard case .damaged(let damage) = error, damage.number == 1, damage.file == "payouts-1.csv" else {
                    throw ConformanceFailure("\(error)")
                }
                let backlog = try await database.backlog()
                try require(backlog.rows == 0 && backlog.enqueued == 0, "\(backlog)")
                bytes[bytes.count - 6] ^= 1
                try Data(bytes).write(to: URL(filePath: path))
                _ = try await database.enqueue(export, batchRows: 5)
                try require(try await database.backlog().rows == 31, "mended, it is taken")
            }
        },
    ]
}
