import Testing
import VitrineTesting
import Warehouse

@Suite("Records of runs")
struct RunRecordTests {
    private let text = """
        {"run":7,"what":"run","status":"succeeded","seconds":12.3456,"rows":1234567,"full":false,"days":["2026-01-01"],\
        "counts":{"usages":12,"duplicates":3},"export":null}
        """

    @Test("its members are shown in their order, the counts among them")
    func lines() throws {
        let record = try #require(RunRecord(number: 7, text: Array(text.utf8)))
        let members = record.members.map { $0.name + "=" + $0.value }
        #expect(
            members == [
                "run=7", "what=run", "status=succeeded", "seconds=12.346", "rows=1,234,567", "full=no", "usages=12",
                "duplicates=3",
            ]
        )
        #expect(record["status"] == "succeeded" && record["days"] == nil)
        #expect(record.lines.first == "run         7")
        #expect(record.json == text)
    }

    @Test("the last one is that with the greatest number")
    func latest() throws {
        let folder = try TemporaryFolder()
        #expect(try RunRecord.latest(in: folder.path(of: "runs")) == nil)
        for number in [1, 2, 9, 10] { try folder.write(Array("{\"run\":\(number)}".utf8), to: "runs/\(number).json") }
        try folder.write([], to: "runs/10.json.new")
        #expect(try RunRecord.latest(in: folder.path(of: "runs"))?.number == 10)
    }

    @Test("what is no record is refused")
    func refused() throws {
        for text in ["", "[]", "{", "7"] { #expect(RunRecord(number: 1, text: Array(text.utf8)) == nil) }
        let folder = try TemporaryFolder()
        try folder.write([1, 2], to: "runs/1.json")
        #expect(throws: WarehouseError.self) { try RunRecord.latest(in: folder.path(of: "runs")) }
    }
}
