import Foundation
import Testing

@testable import Telemetry

@Suite("Timestamps")
struct RFC3339TimestampTests {
    private static func text(_ nanoseconds: Int64) -> String {
        String(decoding: RFC3339Timestamp(nanosecondsSince1970: nanoseconds).bytes, as: UTF8.self)
    }

    @Test(
        "known moments",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_827_696_789_999_999, "2000-02-29T12:34:56.789Z"),
            (4_107_542_399_999_000_000, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
            (-2_208_988_800_000_000_000, "1900-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func known(nanoseconds: Int64, expected: String) {
        #expect(Self.text(nanoseconds) == expected)
    }

    @Test("agrees with Foundation's calendar on seconds from 1700 to 2262")
    func model() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<2000 {
            let second = Int64.random(in: -8_500_000_000...9_200_000_000, using: &generator)
            let expected = Date(timeIntervalSince1970: Double(second)).ISO8601Format().dropLast() + ".000Z"
            #expect(Self.text(second * 1_000_000_000) == expected)
        }
    }
}
