import HTTPSemantics
import Testing

@Suite("HTTP dates (RFC 9110 section 5.6.7)")
struct HTTPDateTests {
    @Test(
        "the three forms name one moment",
        arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
    )
    func forms(text: String) {
        #expect(HTTPDate(fieldValue: text)?.secondsSince1970 == 784_111_777)
    }

    @Test(
        "letter case does not count",
        arguments: ["SUN, 06 Nov 1994 08:49:37 GMT", "Sun, 06 NOV 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 gMT"]
    )
    func letterCase(text: String) {
        #expect(HTTPDate(fieldValue: text)?.secondsSince1970 == 784_111_777)
    }

    @Test(
        "anything else is no date",
        arguments: [
            "", "0", "-1", "yesterday", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 AEST", "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT", "Sun, 06  Nov  1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08.49.37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:37 +0000",
            "Son, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Okt 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        ]
    )
    func malformed(text: String) {
        #expect(HTTPDate(fieldValue: text) == nil)
    }

    @Test("a two-digit year is at most 50 years ahead")
    func twoDigits() {
        func year(_ text: String) -> String? {
            let date = HTTPDate(fieldValue: "Thursday, 18-Aug-\(text) 02:01:18 GMT", nowMilliseconds: Sample.now)
            return date.map { String($0.fieldValue.dropFirst(12).prefix(4)) }
        }
        #expect(year("26") == "2026")
        #expect(year("50") == "2050")
        #expect(year("76") == "2076")
        #expect(year("77") == "1977")
        #expect(year("99") == "1999")
        #expect(year("00") == "2000")
    }

    @Test("dates go back and forth, beyond 32 bits too")
    func roundTrips() {
        for seconds in stride(from: Int64(-86_400 * 400), to: 253_402_300_000, by: 86_400 * 397 + 12_345) {
            let text = HTTPDate(secondsSince1970: seconds).fieldValue
            #expect(HTTPDate(fieldValue: text)?.secondsSince1970 == seconds, "\(text)")
        }
        #expect(HTTPDate(fieldValue: "Tue, 19 Jan 2038 14:14:08 GMT")?.secondsSince1970 == 2_147_523_248)
        #expect(HTTPDate(secondsSince1970: .max).fieldValue == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(HTTPDate(secondsSince1970: .min).fieldValue == "Sat, 01 Jan 0000 00:00:00 GMT")
    }
}
