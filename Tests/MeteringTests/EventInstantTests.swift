import Foundation
import Metering
import Testing
import VitrineTesting

@Suite("Times of events")
struct EventInstantTests {
    private func read(_ text: String) -> Int64? { EventInstant.microseconds(Array(text.utf8)[...]) }

    @Test(
        "RFC 3339 times are microseconds in UTC",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-21T09:30:00.125Z", 1_795_253_400_125_000),
            ("2026-11-21t09:30:00.125z", 1_795_253_400_125_000), ("2026-11-21T09:30:00+01:00", 1_795_249_800_000_000),
            ("2026-11-20T22:30:00-11:00", 1_795_253_400_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("2026-11-21T09:30:00.1234569999Z", 1_795_253_400_123_456), ("1969-12-31T23:59:59Z", -1_000_000),
            ("2026-11-21T09:30:00-00:00", 1_795_253_400_000_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ] as [(String, Int64)]
    )
    func valid(text: String, microseconds: Int64) { #expect(read(text) == microseconds) }

    @Test("a leap second is the second after it, in any offset")
    func leap() {
        #expect(read("2016-12-31T23:59:60Z") == read("2017-01-01T00:00:00Z"))
        #expect(read("2016-12-31T23:59:60.5Z") == read("2017-01-01T00:00:00.5Z"))
        #expect(read("2017-01-01T00:59:60+01:00") == read("2017-01-01T00:00:00Z"))
        #expect(read("2016-12-31T22:59:60Z") == nil)
        #expect(read("2016-12-31T23:58:60Z") == nil)
    }

    @Test(
        "what is not such a time is none",
        arguments: [
            "", "2026-11-21", "2026-11-21T09:30:00", "2026-11-21 09:30:00Z", "2026-11-21T09:30Z",
            "2026-13-21T09:30:00Z", "2026-00-21T09:30:00Z", "2026-11-31T09:30:00Z", "2026-02-29T09:30:00Z",
            "1900-02-29T09:30:00Z", "2026-11-00T09:30:00Z", "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z",
            "2026-11-21T09:30:61Z", "2026-11-21T09:30:00.Z", "2026-11-21T09:30:00,5Z", "2026-11-21T09:30:00ZZ",
            "2026-11-21T09:30:00+24:00", "2026-11-21T09:30:00+01:60", "2026-11-21T09:30:00+0100",
            "2026-11-21T09:30:00+01", "+2026-11-21T09:30:00Z", "2026-11-21T09:30:0ßZ", "２026-11-21T09:30:00Z",
        ]
    )
    func invalid(text: String) { #expect(read(text) == nil) }

    @Test("thousands of random times agree with another calendar")
    func agreement() {
        var random = SeededGenerator(seed: 7)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for _ in 0..<5_000 {
            // After 1582, before which that calendar is another one.
            let seconds = Int64.random(in: -12_000_000_000..<253_402_300_800, using: &random)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .hour, .minute, .second],
                from: Date(timeIntervalSince1970: Double(seconds))
            )
            let text = String(
                format: "%04d-%02d-%02dT%02d:%02d:%02dZ",
                parts.year ?? 0,
                parts.month ?? 0,
                parts.day ?? 0,
                parts.hour ?? 0,
                parts.minute ?? 0,
                parts.second ?? 0
            )
            #expect(read(text) == seconds * 1_000_000, "\(text)")
        }
    }
}
