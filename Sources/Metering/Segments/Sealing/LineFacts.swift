/// What a segment's lines say of themselves, read off their columns 7 and 8 without looking at the others.
///
/// Lines that are not as they should be are counted and otherwise passed over: they were acknowledged, and what they
/// are worth is for those to say who read them.
struct LineFacts: Hashable {
    private(set) var lines = 0
    private(set) var bytes = 0
    /// Of `received_us`, microseconds since 1970; `nil` if no line has any.
    private(set) var received: ClosedRange<Int64>?
    /// Of the days of `occurred_us`, days since 1970 in UTC; `nil` if no line has any.
    private(set) var occurredDays: ClosedRange<Int64>?

    private static let lineFeed = UInt8(ascii: "\n")
    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    /// Columns before `occurred_us`.
    private static let columnsBefore = 6
    static let dayMicroseconds: Int64 = 86_400_000_000

    /// Takes whole lines.
    mutating func add(_ text: Span<UInt8>) {
        bytes += text.count
        var place = 0
        while place < text.count {
            place = Self.skipColumns(text, from: place)
            let occurred = Self.number(text, at: &place)
            let received = Self.number(text, at: &place)
            if let occurred { add(day: Self.day(of: occurred)) }
            if let received { add(received: received) }
            place = text.first(Self.lineFeed, from: place)
            if place < text.count { lines += 1 }
            place += 1
        }
    }

    /// Days since 1970, rounded down.
    static func day(of microseconds: Int64) -> Int64 {
        let (days, rest) = microseconds.quotientAndRemainder(dividingBy: dayMicroseconds)
        return rest < 0 ? days - 1 : days
    }

    private mutating func add(day: Int64) {
        guard let days = occurredDays else {
            occurredDays = day...day
            return
        }
        if !days.contains(day) { occurredDays = min(days.lowerBound, day)...max(days.upperBound, day) }
    }

    private mutating func add(received time: Int64) {
        guard let times = received else {
            received = time...time
            return
        }
        if !times.contains(time) { received = min(times.lowerBound, time)...max(times.upperBound, time) }
    }

    /// The begin of column 7, or the line's end if it has fewer columns.
    private static func skipColumns(_ text: Span<UInt8>, from start: Int) -> Int {
        var place = start
        var columns = 0
        var isQuoted = false
        while place < text.count {
            let byte = text[place]
            if byte == lineFeed { return place }
            // A doubled quote ends the field and begins it again.
            if byte == quote { isQuoted.toggle() }
            place += 1
            if byte == comma, !isQuoted {
                columns += 1
                if columns == columnsBefore { return place }
            }
        }
        return place
    }

    /// The whole number at a place and the comma behind it; `nil`, and no step, if that is not there.
    private static func number(_ text: Span<UInt8>, at place: inout Int) -> Int64? {
        var index = place
        let isNegative = index < text.count && text[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let begin = index
        var value: Int64 = 0
        // Eighteen digits cannot overflow.
        while index < text.count, index - begin < 18 {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value * 10 + Int64(digit)
            index += 1
        }
        guard index > begin, index < text.count, text[index] == comma else { return nil }
        place = index + 1
        return isNegative ? -value : value
    }
}
