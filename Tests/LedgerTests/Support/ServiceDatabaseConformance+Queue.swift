import Ledger
import VitrineTesting

extension ServiceDatabaseConformance {
    static let queue = [
        ServiceDatabaseConformance("random exports give what plain dictionaries give") { harness in
            var random = SeededGenerator(seed: 11)
            var model = UsageModel()
            try await harness.withDatabase { database in
                for _ in 0..<6 {
                    try model.writeNext(to: harness.writer, rows: 60, using: &random)
                    try await harness.drain(database)
                    try await harness.compare(database, with: model)
                }
            }
        },
        ServiceDatabaseConformance("batches applied again, and older ones after newer ones, change nothing") {
            harness in
            var random = SeededGenerator(seed: 12)
            var model = UsageModel()
            for _ in 0..<5 { try model.writeNext(to: harness.writer, rows: 40, using: &random) }
            try await harness.withDatabase { database in
                for number in Int64(1)...5 { _ = try await database.enqueue(try harness.export(number), batchRows: 5) }
                let queue = "\(harness.prefix)queue"
                try await harness.execute("CREATE TABLE \(harness.prefix)saved AS SELECT * FROM \(queue)")
                try await harness.drain(database)
                for round in ["", "WHERE export = 2", "WHERE position % 2 = 1"] {
                    try await harness.execute("INSERT INTO \(queue) SELECT * FROM \(harness.prefix)saved \(round)")
                    let batches = try await harness.drain(database)
                    try require(!batches.isEmpty, "nothing was there to be applied")
                    // What is written again is what stands there: the last export's own rows are not newer either.
                    try require(batches.allSatisfy { $0.rowsWritten == 0 }, "something was written")
                    try await harness.compare(database, with: model)
                }
            }
        },
        ServiceDatabaseConformance("many unloaders at once take each batch once") { harness in
            var random = SeededGenerator(seed: 13)
            var model = UsageModel()
            for _ in 0..<8 { try model.writeNext(to: harness.writer, rows: 80, using: &random) }
            let frozen = model
            try await harness.withDatabase { database in
                for number in Int64(1)...8 { _ = try await database.enqueue(try harness.export(number), batchRows: 3) }
                try await harness.logRemovals()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 {
                        group.addTask {
                            try await harness.withDatabase { own in while try await own.unload() != nil {} }
                        }
                        group.addTask { while try await database.unload() != nil {} }
                    }
                    try await group.waitForAll()
                }
                // One may have seen nothing while another was at the last.
                while try await database.unload() != nil {}
                try await harness.compare(database, with: frozen)
            }
            try await harness.requireEachOnce()
        },
        ServiceDatabaseConformance("batches come oldest first, and say how far the exports are") { harness in
            var model = UsageModel()
            for number in Int64(1)...3 {
                try model.write(
                    to: harness.writer,
                    daily: (0..<4).map {
                        DailyState(day: "2026-01-0\($0 + 1)", creator: "c", contentType: "t", uses: number, amount: "1")
                    }
                )
            }
            try await harness.withDatabase { database in
                for number in Int64(1)...3 { _ = try await database.enqueue(try harness.export(number), batchRows: 2) }
                var seen: [[Int64]] = []
                var applied: [Int64] = [try await database.backlog().applied]
                while let batch = try await database.unload() {
                    seen.append([batch.export, Int64(batch.position), Int64(batch.rows), Int64(batch.rowsWritten)])
                    applied.append(try await database.backlog().applied)
                }
                let expected: [[Int64]] = [
                    [1, 0, 2, 2], [1, 1, 2, 2], [2, 0, 2, 2], [2, 1, 2, 2], [3, 0, 2, 2], [3, 1, 2, 2],
                ]
                try require(seen == expected, "\(seen)")
                try require(applied == [0, 0, 1, 1, 2, 2, 3], "\(applied)")
            }
        },
        ServiceDatabaseConformance("a batch that is damaged in the queue stops there and is named") { harness in
            var model = UsageModel()
            try model.write(
                to: harness.writer,
                daily: [DailyState(day: "2026-01-01", creator: "c", contentType: "t", uses: 1, amount: "1")]
            )
            try await harness.withDatabase { database in
                _ = try await database.enqueue(try harness.export(1), batchRows: 2)
                try await harness.execute("UPDATE \(harness.prefix)queue SET relation = 'nonsense'")
                let error = try await failure("damaged") { () async throws(LedgerError) in
                    _ = try await database.unload()
                }
                guard case .damaged(let damage) = error, damage.number == 1 else {
                    throw ConformanceFailure("\(error)")
                }
                try require(try await database.backlog().rows == 1, "it is still there")
                try await harness.execute("UPDATE \(harness.prefix)queue SET relation = 'creator_daily'")
                try require(try await database.unload()?.rowsWritten == 1, "mended, it is applied")
            }
        },
    ]
}
