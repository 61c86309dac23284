import FoundationEssentials
import Testing
import VitrineTesting

@testable import Warehouse

@Suite("What runs leave to be seen")
struct RunWatchTests {
    private static func folders(_ folder: TemporaryFolder) throws -> UsageFolders {
        let folders = UsageFolders(data: folder.path, current: "/")
        for path in [folders.runs, folders.exports] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        return folders
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private static func file(_ folders: UsageFolders) -> ProgressFile {
        ProgressFile(path: folders.progress, verb: "run", process: 7, milliseconds: { 1_000 })
    }

    @Test("a run at work is told while it has the lock, and was interrupted without it")
    func progress() throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        #expect(RunProgress.read(folders) == nil)
        let file = Self.file(folders)
        file.note(UsageProgress("land", done: 1, of: 3, rows: 5, seconds: 0.5, detail: "a \"b\""))
        do {
            let lock = try #require(try FileLock.take(folders.runLock))
            let seen = try #require(RunProgress.read(folders))
            #expect(seen.ending == nil && seen.verb == "run" && seen.process == 7 && seen.started == 1_000)
            #expect(seen.step == UsageProgress("land", done: 1, of: 3, rows: 5, seconds: 0.5, detail: "a \"b\""))
            withExtendedLifetime(lock) {}
        }
        #expect(RunProgress.read(folders)?.ending == .interrupted)
        file.end(("it broke", "mend it"))
        let failed = try #require(RunProgress.read(folders))
        #expect(failed.ending == .failed && failed.error == "it broke" && failed.remedy == "mend it")
        file.end(nil)
        #expect(RunProgress.read(folders)?.ending == .succeeded)
        #expect(RunProgress.read(folders)?.error == nil)
    }

    @Test("new stages are written at once, and steps of one stage not more often than five times a second")
    func pace() throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        let file = Self.file(folders)
        let start = ContinuousClock().now
        var written = 0
        var last: Int?
        for step in 0..<2_000 {
            file.note(UsageProgress("land", done: step))
            let done = RunProgress.read(folders)?.step.done
            if done != last { written += 1 }
            last = done
        }
        let seconds = start.duration(to: ContinuousClock().now) / .seconds(1)
        #expect(Double(written) <= seconds * 5 + 1)
        file.note(UsageProgress("guard"))
        #expect(RunProgress.read(folders)?.step.stage == "guard")
    }

    @Test(
        "what is no progress is none",
        arguments: ["", "{", "[]", #"{"verb":"run"}"#, #"{"verb":1,"process":1}"#]
    )
    func noProgress(_ text: String) throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        try Self.write(text, to: folders.progress)
        #expect(RunProgress.read(folders) == nil)
    }

    @Test("the history is told from its newest end, over gaps, and follows new runs")
    func history() throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        var history = RunHistory(folders)
        #expect(history.entries(limit: 9, isAtWork: false).isEmpty)
        for number in [1, 2, 5] {
            try Self.write("{\"run\":\(number),\"status\":\"succeeded\"}", to: folders.runs + "/\(number).json")
        }
        try Self.write("{}", to: folders.runs + "/4.json")
        #expect(history.entries(limit: 9, isAtWork: false).map(\.number) == [5, 2, 1])
        try Self.write("{\"run\":6,\"status\":\"running\"}", to: folders.runs + "/6.json")
        #expect(history.entries(limit: 2, isAtWork: true).map(\.status) == [.running, .succeeded])
        #expect(history.entries(limit: 2, isAtWork: false).map(\.status) == [.interrupted, .succeeded])
        try FileManager.default.removeItem(atPath: folders.runs)
        #expect(history.entries(limit: 2, isAtWork: false).isEmpty)
    }

    @Test("an entry has its figures, and its lines a second")
    func entry() throws {
        let text = """
            {"run":3,"what":"full run","engine":"duckdb","status":"failed","started":"2026-11-21T20:00:00Z","landed":10,
            "rows":500,"days":2,"tests":4,"export":null,"marts":"ab","counts":{"lines":7,"uses":6,"x":"y"},
            "error":"a \\"b\\"","remedy":"c","seconds":2.5}
            """
        let entry = try #require(RunEntry(number: 3, text: Array(text.utf8)))
        #expect(entry.started == 1_795_291_200_000 && entry.rowsPerSecond == 200 && entry.count("uses") == 6)
        #expect(
            entry.json
                == #"{"run":3,"status":"failed","what":"full run","engine":"duckdb","started":1795291200000,"#
                + #""seconds":2.5,"landed":10,"rows":500,"rowsPerSecond":200.0,"days":2,"tests":4,"marts":"ab","#
                + #""counts":{"lines":7,"uses":6},"error":"a \"b\"","remedy":"c"}"#
        )
        for text in ["", "[]", "{}", "{\"status\":\"new\"}"] {
            #expect(RunEntry(number: 1, text: Array(text.utf8)) == nil)
        }
    }

    @Test("what was landed is not exported since the first run that did not end well")
    func unexported() throws {
        func entry(_ status: String, _ second: Int) throws -> RunEntry {
            let text = "{\"status\":\"\(status)\",\"started\":\"1970-01-01T00:00:0\(second)Z\"}"
            return try #require(RunEntry(number: second, text: Array(text.utf8)))
        }
        let failed = [try entry("running", 4), try entry("failed", 3), try entry("interrupted", 2)]
        #expect(RunHistory.unexportedSince(failed + [try entry("succeeded", 1)]) == 2_000)
        #expect(RunHistory.unexportedSince([try entry("succeeded", 5)] + failed) == nil)
        #expect(RunHistory.unexportedSince([]) == nil)
    }

    @Test("compared days are read, and anything else is none")
    func reconciled() async throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        let watch = WarehouseWatch(folders)
        #expect(try await watch.reconciliation() == nil)
        let row = "{\"day\":\"2026-11-20\",\"log\":12,\"counted\":10,\"difference\":2,\"at\":\"now\"}"
        try Self.write("[\(row)]", to: folders.reconciliation)
        let days = try await watch.reconciliation()
        #expect(days?.map(\.json) == [row])
        for text in ["{}", "[1]", "[{\"day\":\"x\",\"log\":1,\"counted\":1}]"] {
            try Self.write(text, to: folders.reconciliation)
            #expect(try await watch.reconciliation() == nil)
        }
    }

    @Test("a day that is compared again has the newer outcome, and the last 400 days stay")
    func comparedAgain() async throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        func day(_ number: Int, _ counted: Int) -> ReconciledDay {
            ReconciledDay(day: "2026-01-0\(number)", log: 5, counted: counted, difference: 5 - counted, at: nil)
        }
        try await ReconciledDay.keep([day(2, 3), day(1, 4)], in: folders.reconciliation)
        try await ReconciledDay.keep([day(2, 5)], in: folders.reconciliation)
        let watch = WarehouseWatch(folders)
        #expect(try await watch.reconciliation() == [day(1, 4), day(2, 5)])
        var all = [day(1, 4), day(2, 5)]
        for year in 2000..<2050 {
            for month in 10...12 {
                for date in 10...12 {
                    let text = "\(year)-\(month)-\(date)"
                    all.append(ReconciledDay(day: text, log: 1, counted: 1, difference: 0, at: nil))
                }
            }
        }
        all.sort { $0.day < $1.day }
        try await ReconciledDay.keep(all.reversed(), in: folders.reconciliation)
        #expect(try await watch.reconciliation() == Array(all.suffix(400)))
    }

    @Test("an export's time and the quarantine are told if they are there")
    func files() async throws {
        let folder = try TemporaryFolder()
        let folders = try Self.folders(folder)
        let watch = WarehouseWatch(folders)
        #expect(try await watch.quarantine() == nil)
        #expect(try await watch.exported(2) == nil)
        let export = folders.exports + "/00000000000000000002"
        try FileManager.default.createDirectory(atPath: export, withIntermediateDirectories: true)
        try Self.write("{}", to: export + "/manifest.json")
        let moment = try #require(try await watch.exported(2))
        #expect(moment > 1_700_000_000_000)
        try Self.write("{\"total\":1}", to: folders.quarantine)
        #expect(try await watch.quarantine() == Array("{\"total\":1}".utf8))
        try Self.write(String(repeating: " ", count: WarehouseWatch.quarantineBytesMax + 1), to: folders.quarantine)
        #expect(try await watch.quarantine() == nil)
    }
}
