import Testing

@testable import Rendering

@Suite struct LineCollectorTests {
    @Test("lines come out whole, without control characters")
    func lines() {
        var collector = LineCollector()
        #expect(collector.append(Array("one\r\ntw".utf8)[...]) == ["one"])
        #expect(collector.append(Array("o\u{1b}[0m\n\n".utf8)[...]) == ["two[0m"])
        #expect(collector.append(Array("end".utf8)[...]) == [])
        #expect(collector.finish() == "end")
        #expect(collector.finish() == nil)
    }

    @Test("a long line is cut and too many are dropped")
    func bounded() {
        var collector = LineCollector()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000) + [10]
        #expect(collector.append(long[...]).map(\.utf8.count) == [LineCollector.lineBytesMax])
        let many = [UInt8](repeating: 0, count: 1_000).flatMap { _ in Array("y\n".utf8) }
        #expect(collector.append(many[...]).count == LineCollector.linesMax - 1)
    }
}
