import Testing
import VitrineTesting
import Warehouse

@Suite("What the project says")
struct OutputTests {
    private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    @Test("progress comes as soon as its line is whole")
    func progress() {
        let output = ProjectOutput(python: "/python")
        #expect(output.take(.output, bytes(#"{"stage":"la"#)).isEmpty)
        #expect(output.take(.output, bytes("nd\"}\n{\"stage\":\"done\"}\n")).map(\.progress.stage) == ["land", "done"])
        #expect(output.failure(.exited(0)) == nil)
    }

    @Test("the reason is the program's own, if it gives one")
    func ownReason() {
        let output = ProjectOutput(python: "/python")
        _ = output.take(.errors, bytes("some noise\n"))
        _ = output.take(.output, bytes(#"{"error":"rates.csv has no rate","remedy":"add one"}"#))
        #expect(output.failure(.exited(1)) == WarehouseError(.failed, "rates.csv has no rate", remedy: "add one"))
    }

    @Test("without a reason of its own, its last words are given")
    func lastWords() throws {
        let output = ProjectOutput(python: "/python")
        for number in 1...40 { _ = output.take(.errors, bytes("word \(number)\n")) }
        let failure = try #require(output.failure(.killed(9)))
        #expect(failure.code == .failed)
        #expect(failure.reason.contains("was ended by signal 9"))
        #expect(failure.reason.contains("word 40") && !failure.reason.contains("word 20"))
        #expect(failure.remedy != nil)
    }

    @Test("a package that is not there is told as such")
    func missingPackage() throws {
        let output = ProjectOutput(python: "/some/python")
        _ = output.take(.errors, bytes("ModuleNotFoundError: No module named 'duckdb'\n"))
        let failure = try #require(output.failure(.exited(1)))
        #expect(failure.code == .missing && failure.reason.contains("/some/python"))
    }

    @Test("data is passed on byte for byte, however it is cut", arguments: [5, 6] as [UInt64])
    func data(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let texts = [
            "day,creator_id,uses\n2026-01-01,\"{\"\"error\"\"\",3\n", "{\"er\n{\n{\"errands\":1}\n", "[]\n", "",
            "no end",
            "{\"error", "x{\"error\":\"in the middle\"}\n",
        ]
        for _ in 0..<300 {
            let text = texts[Int.random(in: 0..<texts.count, using: &generator)]
            let output = DataOutput(python: "/python")
            var passed: [UInt8] = []
            var rest = bytes(text)
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &generator)
                passed += output.take(.output, rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            let (last, failure) = output.finish(.exited(0))
            #expect(failure == nil)
            #expect(passed + last == Array(text.utf8), "\(text)")
        }
    }

    @Test("a failure is not passed on as data", arguments: ["", "\n"])
    func failure(end: String) {
        let output = DataOutput(python: "/python")
        let passed = output.take(.output, bytes("day,uses\n{\"error\":\"closed\",\"remedy\":\"open it\"}" + end))
        #expect(passed == Array("day,uses\n".utf8))
        let (last, failure) = output.finish(.exited(2))
        #expect(last.isEmpty)
        #expect(failure == WarehouseError(.failed, "closed", remedy: "open it"))
    }
}
