import Caching
import Testing
import VitrineTesting

@Suite("Traces are read")
struct TraceReaderTests {
    private func read(_ bytes: [UInt8], _ format: TraceFormat, piece: Int = 1 << 20) throws -> [TraceRequest] {
        var reader = TraceReader(format: format)
        var requests: [TraceRequest] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + piece)
            try reader.feed(Array(bytes[start..<end])) { requests.append($0) }
            start = end
        }
        try reader.finish { requests.append($0) }
        return requests
    }

    private func csv(_ text: String, _ layout: String = "") throws -> [TraceRequest] {
        try read(Array(text.utf8), .csv(CSVLayout(parsing: layout)))
    }

    private static let records: [UInt8] = [
        1, 0, 0, 0, 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 0x00, 0x10, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0,
        2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255,
        3, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 254, 255, 255, 255, 255, 255, 255, 255,
    ]

    @Test(
        "oracleGeneral is 24 bytes little-endian, objects without bytes left out",
        arguments: [1, 5, 23, 24, 25, 100]
    )
    func oracleGeneral(piece: Int) throws {
        let expected = [TraceRequest(id: 0x0123_4567_89ab_cdef, size: 4096), TraceRequest(id: 8, size: .max)]
        #expect(try read(Self.records, .oracleGeneral, piece: piece) == expected)
    }

    @Test("bare ids are big-endian", arguments: [1, 3, 100])
    func bareIDs(piece: Int) throws {
        let bytes: [UInt8] = [0, 0, 1, 2, 0xff, 0, 0, 3]
        #expect(try read(bytes, .bigEndian32, piece: piece).map(\.id) == [0x102, 0xff00_0003])
        #expect(try read(bytes, .bigEndian64, piece: piece).map(\.id) == [0x102_ff00_0003])
    }

    @Test("a trace that ends within a record says where the record begins")
    func truncated() {
        #expect(throws: TraceError.truncated(offset: 48)) { try read(Array(Self.records.dropLast()), .oracleGeneral) }
        #expect(throws: TraceError.truncated(offset: 4)) { try read([0, 0, 0, 1, 9], .bigEndian32, piece: 1) }
    }

    @Test("CSV without a header is time, id, size and cost, or ids alone")
    func csvWithoutHeader() throws {
        let expected = [TraceRequest(id: 10, size: 300, cost: 2.5), TraceRequest(id: 11, size: 5, cost: 1e3)]
        #expect(try csv("1,10,300,2.5\n2,11,5,1e3") == expected)
        #expect(try csv("1, 10, 300\r\n\r\n2, 11, 0\n") == [TraceRequest(id: 10, size: 300)], "no bytes, no request")
        #expect(try csv("10\n11\n").map(\.id) == [10, 11])
        #expect(try csv("1,10\n2,11\n").map(\.id) == [10, 11])
    }

    @Test("CSV with a header is read by its names")
    func csvWithHeader() throws {
        let requests = try csv("size,key,render_ms\n100,a,7\n200,\"b,\"\"c\"\"\",8\n100,a,7\n")
        #expect(requests.map(\.size) == [100, 200, 100])
        #expect(requests.map(\.cost) == [7, 8, 7])
        #expect(requests[0].id == requests[2].id && requests[0].id != requests[1].id, "texts are hashed")
    }

    @Test("columns can be named in libCacheSim's way")
    func csvLayout() throws {
        let layout = "time-col=1, obj-id-col=3, obj-size-col=2, cost-col=4, delimiter=;, has-header=true"
        #expect(try csv("a;b;c;d\n1;20;30;4\n", layout) == [TraceRequest(id: 30, size: 20, cost: 4)])
        #expect(try csv("1\t2\t3\n", "delimiter=tab") == [TraceRequest(id: 2, size: 3)])
        for text in ["obj-id-col=0", "obj-id-col", "id=3", "delimiter=ab", "has-header=perhaps", "cost-col=x"] {
            #expect(throws: TraceError.badLayout(text)) { try CSVLayout(parsing: text) }
        }
    }

    @Test(
        "a bad line is named by its number",
        arguments: [
            "1,2,3\n1,2,x\n", "1,2,3\n1,2,-4\n", "1,2,3\n1,2\n", "1,2,3\n1,2,4294967296\n", "1,2,3\n1,\"2,3\n",
            "1,2,3,4\n1,2,3,-1\n", "1,2,3,4\n1,2,3,nan\n", "1,2,3\n1,,3\n",
        ]
    )
    func badLines(text: String) {
        let error = #expect(throws: TraceError.self) { try csv(text) }
        guard case .badLine(2, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a header without an id, and a line without end, are refused")
    func hopeless() {
        #expect(throws: TraceError.self) { try csv("when,who,weight\n1,2,3\n") }
        #expect(throws: TraceError.self) { try csv(String(repeating: "1", count: 65537)) }
    }

    @Test("damaged traces give an error or requests that make sense, however they are cut", arguments: 1...4)
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let layout = try CSVLayout(parsing: "")
        let text = Array("time,id,size,cost\n1,2,3,4.5\n5,\"x\"\"y\",7,8e1\r\n9,10,11,0\n".utf8)
        let cases: [(TraceFormat, [UInt8])] = [
            (.csv(layout), text), (.oracleGeneral, Self.records), (.bigEndian32, Self.records),
            (.bigEndian64, Self.records),
        ]
        for round in 0..<2000 {
            let (format, whole) = cases[round % cases.count]
            var bytes = whole
            for _ in 0..<Int(random.next() % 6) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.insert(contentsOf: random.bytes(Int(random.next() % 4)), at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            let pieces = Int(random.next() % 40) + 1
            let whole1 = Result { try read(bytes, format) }
            let whole2 = Result { try read(bytes, format, piece: pieces) }
            switch (whole1, whole2) {
            case (.success(let one), .success(let other)):
                #expect(one == other)
                #expect(one.allSatisfy { $0.size > 0 && $0.cost >= 0 && $0.cost.isFinite })
            case (.failure(let one), .failure(let other)):
                #expect(one as? TraceError == other as? TraceError)
            default: Issue.record("seed \(seed), round \(round): depends on how it was cut")
            }
        }
    }
}
