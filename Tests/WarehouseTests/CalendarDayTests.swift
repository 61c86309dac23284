import Testing
import Warehouse

@Suite("Days in commands")
struct CalendarDayTests {
    @Test("days are read and written the same", arguments: ["1970-01-01", "2024-02-29", "2000-02-29", "9999-12-31"])
    func days(text: String) { #expect(CalendarDay(text)?.description == text) }

    @Test(
        "what is no day is refused",
        arguments: [
            "", "2026-1-01", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-11-00",
            "2026/11/01", "2026-11-01 ", "+026-11-01", "1969-12-31", "２０26-11-01",
        ]
    )
    func refused(text: String) { #expect(CalendarDay(text) == nil) }

    @Test("days are in the calendar's order")
    func order() throws {
        let days = try ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"].map { try #require(CalendarDay($0)) }
        #expect(days == days.sorted())
    }

    @Test("months are periods")
    func periods() {
        #expect(CalendarDay.isPeriod("2026-11"))
        for text in ["2026-13", "2026-1", "2026", "2026-11-01", ""] { #expect(!CalendarDay.isPeriod(text)) }
    }
}
