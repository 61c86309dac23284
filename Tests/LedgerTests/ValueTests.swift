import Testing

@testable import Ledger

@Suite("Days, periods and amounts")
struct ValueTests {
    @Test(
        "a day is one of the calendar",
        arguments: ["1970-01-01", "2000-02-29", "2024-02-29", "2026-11-21", "9999-12-31"]
    )
    func days(_ text: String) throws {
        let day = try #require(UsageDay(text))
        #expect(day.description == text)
        #expect(day.moved(by: 0) == day)
    }

    @Test(
        "what is no day is none",
        arguments: [
            "", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31", "1969-12-31",
            "2026-1-01", "2026-01-1", "2026/01/01", "2026-01-01 ", " 2026-01-01", "+026-01-01", "２０２６-01-01",
            "10000-01-01", "2026-01-01T00:00:00Z",
        ]
    )
    func noDays(_ text: String) { #expect(UsageDay(text) == nil) }

    @Test("all days follow one another")
    func calendar() throws {
        var day = try #require(UsageDay("1970-01-01"))
        for number in 0..<60_000 {
            #expect(day.daysSince1970 == number)
            let same = try #require(UsageDay(day.description))
            #expect(same == day)
            let next = day.moved(by: 1)
            #expect(day < next)
            day = next
        }
        #expect(day.description == "2134-04-11")
        let last = try #require(UsageDay("9999-12-31"))
        #expect(last.moved(by: 1) == last)
        #expect(UsageDay(millisecondsSince1970: -5).description == "1970-01-01")
        #expect(UsageDay(millisecondsSince1970: 86_399_999).description == "1970-01-01")
        #expect(UsageDay(millisecondsSince1970: 86_400_000).description == "1970-01-02")
    }

    @Test(
        "a period is a month",
        arguments: [("2026-11", true), ("2026-13", false), ("2026-1", false), ("2026-11-01", false)]
    )
    func periods(_ text: String, isOne: Bool) {
        #expect((UsagePeriod(text) != nil) == isOne)
        if isOne { #expect(UsagePeriod(text)?.description == text) }
    }

    @Test(
        "an amount keeps its spelling",
        arguments: [
            "0", "0.00", "12.50", "-3.000000001", "99999999999999999999999999999.999999999", "1.000000000", "-1",
        ]
    )
    func amounts(_ text: String) { #expect(ExactAmount(text)?.text == text) }

    @Test("zero has no sign", arguments: [("-0", "0"), ("-0.00", "0.00")])
    func zero(_ text: String, _ expected: String) { #expect(ExactAmount(text)?.text == expected) }

    @Test(
        "what is no amount is none",
        arguments: [
            "", "-", ".", "1.", ".5", "01", "00", "+1", "1e3", "1,000", "0x10", "NaN", "1.0000000001", " 1", "1 ",
            "100000000000000000000000000000", "1.2.3", "--1", "-.5", "١",
        ]
    )
    func noAmounts(_ text: String) { #expect(ExactAmount(text) == nil) }
}
