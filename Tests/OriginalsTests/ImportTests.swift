import DeliveryTypes
import Foundation
import NIOCore
import Originals
import Synchronization
import Testing
import VitrineTesting

struct ImportTests {
    private let fixture: OriginalStoreFixture
    private let pictures: TemporaryFolder

    init() async throws {
        fixture = try await OriginalStoreFixture()
        pictures = try TemporaryFolder()
    }

    /// Takes for a picture what begins with `P`.
    private func makeRun() -> ImportRun {
        ImportRun(
            originals: fixture.originals,
            isPicture: { $0.first == UInt8(ascii: "P") },
            inspect: { _ in OriginalStoreFixture.facts }
        )
    }

    private func write(_ text: String, to name: String) throws {
        try pictures.write(Array(text.utf8), to: name)
    }

    /// The results by file name below the folder.
    private func results(
        of run: ImportRun,
        paths: [String]? = nil
    ) async throws -> (results: [String: ImportResult], progress: ImportProgress) {
        var results: [String: ImportResult] = [:]
        let progress = try await run.run(paths: paths ?? [pictures.path]) { result, _ in
            if let result { results[String(result.path.dropFirst(pictures.path.count + 1))] = result }
        }
        return (results, progress)
    }

    @Test("pictures are stored, others skipped, hidden ones and links left out")
    func mixture() async throws {
        try write("P one", to: "one.jpg")
        try write("P two", to: "deep/down/two.jpg")
        try write("P one", to: "same.jpg")
        try write("text", to: "notes.txt")
        try write("", to: "empty.jpg")
        try write("P hidden", to: ".hidden.jpg")
        try write("P hidden", to: ".git/x.jpg")
        try FileManager.default.createSymbolicLink(
            atPath: pictures.path(of: "link.jpg"),
            withDestinationPath: pictures.path(of: "one.jpg")
        )
        var run = makeRun()
        run.attributes = IngestAttributes(owner: "me", visibility: .private)
        run.concurrency = 1
        let (results, progress) = try await results(of: run)
        #expect(
            results.mapValues(\.status) == [
                "one.jpg": .stored, "deep/down/two.jpg": .stored, "same.jpg": .existed, "notes.txt": .skipped,
                "empty.jpg": .skipped,
            ]
        )
        #expect(results["notes.txt"]?.reason == "not a picture")
        let id = try #require(results["deep/down/two.jpg"]?.id)
        let original = try await fixture.originals.find(id)
        #expect(original.owner == "me" && original.visibility == .private && original.filename == "two.jpg")
        #expect(progress.filesTotal == 5 && progress.filesDone == 5 && progress.bytesTotal == 19)
        #expect(progress.bytesDone == 19)
        #expect(progress.stored == 2 && progress.existed == 1 && progress.skipped == 2 && progress.failed == 0)
    }

    @Test("files are taken in the order of their names, and the totals come first")
    func order() async throws {
        for name in ["b.jpg", "a/2.jpg", "a/10.jpg", "c/1.jpg"] { try write("P" + name, to: name) }
        var run = makeRun()
        run.concurrency = 1
        var names: [String] = []
        var totals: [Int] = []
        try await run.run(paths: [pictures.path(of: "c"), pictures.path + "/"]) { result, progress in
            if let result { names.append(result.path) } else { totals.append(progress.filesTotal) }
        }
        #expect(names == ["c/1.jpg", "a/10.jpg", "a/2.jpg", "b.jpg", "c/1.jpg"].map { pictures.path(of: $0) })
        #expect(totals == [5])
    }

    @Test("a failing file does not stop the run, and says why")
    func failures() async throws {
        try write("P good", to: "good.jpg")
        try write("P bad", to: "bad.jpg")
        var run = makeRun()
        run.inspect = { picture in
            if picture.size == 5 { throw RenderFailure(.corruptSource, "damaged") }
            return OriginalStoreFixture.facts
        }
        let (results, progress) = try await results(
            of: run,
            paths: [pictures.path(of: "none.jpg"), pictures.path]
        )
        #expect(results["good.jpg"]?.status == .stored)
        #expect(results["bad.jpg"]?.error?.contains("damaged") == true)
        #expect(results["none.jpg"]?.error == "there is no such file")
        #expect(progress.failed == 2 && progress.filesDone == 3)
    }

    @Test("what an earlier run finished is skipped, unless it has changed")
    func resumed() async throws {
        for number in 0..<100 { try write("P \(number)", to: "\(number).jpg") }
        var run = makeRun()
        run.journalPath = fixture.folder.path(of: "journal.ndjson")
        _ = try await results(of: run)
        let again = try await results(of: run)
        #expect(again.progress.skipped == 100 && again.progress.bytesDone == again.progress.bytesTotal)
        #expect(again.results["7.jpg"]?.id == OriginalStoreFixture.id(of: Array("P 7".utf8)))
        try write("P changed", to: "7.jpg")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1000)],
            ofItemAtPath: pictures.path(of: "8.jpg")
        )
        let third = try await results(of: run)
        #expect(third.results["7.jpg"]?.status == .stored)
        #expect(third.results["8.jpg"]?.status == .existed)
        #expect(third.progress.skipped == 98)
    }

    @Test("the journal is written as the format page says, and read back")
    func journalFormat() async throws {
        let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Goldens/import-journal.ndjson")
        let expected = try String(contentsOf: golden, encoding: .utf8).replacing("PICTURES", with: pictures.path)
        try write("P lake\n", to: "lake.jpg")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_790_000_000.1234)],
            ofItemAtPath: pictures.path(of: "lake.jpg")
        )
        var run = makeRun()
        run.journalPath = fixture.folder.path(of: "journal.ndjson")
        _ = try await results(of: run)
        #expect(try String(contentsOfFile: fixture.folder.path(of: "journal.ndjson"), encoding: .utf8) == expected)
        #expect(try await results(of: run).progress.skipped == 1)
    }

    @Test("a journal that was cut off at any byte leads to the same end", arguments: [0, 1, 60, 137, 138, 139, 200])
    func cutJournal(_ length: Int) async throws {
        for number in 0..<5 { try write("P \(number)", to: "\(number).jpg") }
        var run = makeRun()
        let journal = fixture.folder.path(of: "journal.ndjson")
        run.journalPath = journal
        run.concurrency = 1
        _ = try await results(of: run)
        let whole = try Data(contentsOf: URL(filePath: journal))
        try whole.prefix(length).write(to: URL(filePath: journal))
        let lines = whole.prefix(length).count { $0 == UInt8(ascii: "\n") }
        let again = try await results(of: run)
        #expect(again.progress.skipped == lines && again.progress.existed == 5 - lines)
        #expect(try Data(contentsOf: URL(filePath: journal)) == whole)
        #expect(try await results(of: run).progress.skipped == 5)
    }

    @Test("a cancelled run ends soon, keeps its journal, and is completed by the next one")
    func cancelled() async throws {
        for number in 0..<50 { try write("P \(number)", to: "\(number).jpg") }
        var run = makeRun()
        run.journalPath = fixture.folder.path(of: "journal.ndjson")
        run.concurrency = 1
        let cancelling = run
        let path = pictures.path
        // This test waits for it below.
        let task = Task {
            try await originalsError {
                try await cancelling.run(paths: [path]) { _, progress in
                    guard progress.filesDone == 10 else { return }
                    // SAFETY: the task is used inside the closure only.
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                }
            }
        }
        let error = try await task.value
        guard case .cancelled = error else { throw error }
        let rest = try await results(of: run)
        #expect(rest.progress.skipped == 10 && rest.progress.failed == 0)
        #expect(rest.progress.stored + rest.progress.existed == 40)
    }

    @Test("no more files are in work than was said", arguments: [1, 3])
    func concurrency(_ limit: Int) async throws {
        for number in 0..<20 { try write("P \(number)", to: "\(number).jpg") }
        let gauge = Gauge()
        var run = makeRun()
        run.concurrency = limit
        run.inspect = { _ in
            gauge.enter()
            defer { gauge.leave() }
            for _ in 0..<20 { await Task.yield() }
            return OriginalStoreFixture.facts
        }
        let (_, progress) = try await results(of: run)
        #expect(progress.stored == 20)
        #expect(gauge.most <= limit && gauge.most >= 1)
    }

    @Test("links are followed on demand, and a circle of folders ends")
    func links() async throws {
        let outside = try TemporaryFolder()
        try outside.write(Array("P outside".utf8), to: "x.jpg")
        try write("P one", to: "a/one.jpg")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: pictures.path(of: "a/up"), withDestinationPath: pictures.path)
        try files.createSymbolicLink(atPath: pictures.path(of: "out"), withDestinationPath: outside.path)
        var run = makeRun()
        run.followsLinks = true
        let followed = try await results(of: run)
        #expect(followed.results.mapValues(\.status) == ["a/one.jpg": .stored, "out/x.jpg": .stored])
        run.followsLinks = false
        #expect(Set(try await results(of: run).results.keys) == ["a/one.jpg"])
        let root = try await results(of: run, paths: [pictures.path(of: "out")])
        #expect(root.results["out/x.jpg"]?.status == .existed, "a path that was named is entered")
    }

    @Test("a result is one line of JSON")
    func line() throws {
        let id = try #require(ContentDigest(hex: String(repeating: "ab", count: 32)))
        let stored = ImportResult(path: "a/\"b\"\n.jpg", id: id, status: .stored)
        #expect(stored.line == #"{"id":"\#(id.hex)","path":"a/\"b\"\n.jpg","status":"stored"}"#)
        let failed = ImportResult(path: "x", status: .failed, error: "why")
        #expect(failed.line == #"{"error":"why","path":"x","status":"failed"}"#)
    }
}

/// How many are inside at once.
private final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() {
        state.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }
}
