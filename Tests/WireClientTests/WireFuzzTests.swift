import HTTPTypes
import Testing
import VitrineTesting

@testable import Wire

/// Damaged responses over real sockets, in random pieces.
@Suite("UpstreamPool, fuzzed")
struct WireFuzzTests {
    @Test("the pool delivers what the parser makes of the bytes, and nothing it calls incomplete (seed 7)")
    func sockets() async throws {
        var random = SeededGenerator(seed: 7)
        let responses = (0..<300).map { _ in ResponseParserFuzzTests.mutated(&random) }
        let scripts = responses.map { bytes -> [Step] in
            [.request, .pieces(bytes, size: Int.random(in: 1...60, using: &random)), .close]
        }
        try await RawOrigin.with(scripts) { _, target in
            try await withPool { pool in
                for (number, bytes) in responses.enumerated() {
                    let expected = Parsed(bytes)
                    var body: String?
                    var failure: UpstreamError?
                    do throws(UpstreamError) {
                        let response = try await pool.exchange(.test(.get, "/", [.connection: "close"]), to: target)
                        #expect(response.head == expected.head, "response \(number): \(bytes)")
                        body = try await response.text()
                    } catch {
                        failure = error
                    }
                    #expect(failure == expected.error, "response \(number): \(bytes)")
                    #expect(body == (expected.isComplete ? expected.bodyText : nil), "response \(number): \(bytes)")
                }
                let statistics = pool.statistics
                #expect(statistics.exchanges == 300 && statistics.retries == 0 && statistics.connectionsReused == 0)
                #expect(statistics.failures.values.reduce(0, +) > 50)
            }
        }
    }
}
