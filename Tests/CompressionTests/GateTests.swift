import Compression
import Testing

@Suite("The gate of compressions")
struct GateTests {
    @Test("no more than the limit are let in, and a place that is left is free again")
    func limit() {
        let gate = CompressionGate(limit: 2)
        #expect(gate.enter())
        #expect(gate.enter())
        #expect(!gate.enter())
        #expect(gate.running == 2)
        gate.leave()
        #expect(gate.enter())
        #expect(gate.refused == 1)
    }

    @Test("work that finds no place is not begun")
    func busy() async {
        let gate = CompressionGate(limit: 1)
        let outer = await gate.ifFree { await gate.ifFree { true } == nil }
        #expect(outer == true)
        #expect(gate.running == 0)
        #expect(await CompressionGate(limit: 0).ifFree { true } == nil)
    }

    @Test("work that fails leaves its place")
    func failing() async {
        let gate = CompressionGate(limit: 1)
        await #expect(throws: CompressionError.malformed) {
            _ = try await gate.ifFree { () throws(CompressionError) -> Bool in throw .malformed }
        }
        #expect(gate.running == 0)
    }
}
