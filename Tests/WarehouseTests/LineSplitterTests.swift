import Testing
import VitrineTesting
import Warehouse

@Suite("Lines in a stream of bytes")
struct LineSplitterTests {
    @Test("lines are the same however the bytes are cut", arguments: [11, 12] as [UInt64])
    func cuts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let letters = Array("ab\n".utf8)
            let count = Int.random(in: 0...60, using: &generator)
            let bytes: [UInt8] = (0..<count).map { _ in letters[Int.random(in: 0..<3, using: &generator)] }
            var splitter = LineSplitter()
            var lines: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &generator)
                lines += splitter.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            if let last = splitter.finish() { lines.append(last) }
            var expected = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
            if expected.last?.isEmpty == true { expected.removeLast() }
            #expect(lines == expected)
            #expect(splitter.finish() == nil)
        }
    }

    @Test("a line without end is cut, and the next one is whole")
    func bounded() {
        var splitter = LineSplitter(bytesMax: 4)
        #expect(splitter.append(Array("abcdefgh".utf8)[...]) == [])
        #expect(splitter.append(Array("ij\nxy\n".utf8)[...]) == [Array("abcd".utf8), Array("xy".utf8)])
    }
}
