/// What intake takes of events; each limit has a test.
package struct EventLimits: Sendable {
    /// Bytes of a body, as sent and after decompression; more is answered with 413.
    package var bodyBytes = 16 << 20
    /// Events of one body; more are answered with 413.
    package var events = 10_000
    /// Bytes of one event as JSON; a larger one is refused.
    package var eventBytes = 64 << 10
    /// Bytes of `source`, `id` and of each text that has a column, in UTF-8; a longer one is refused.
    package var textBytes = 256
    /// Containers inside each other in one event, itself and `data` included; an event with more is refused.
    package var depth = 32
    /// The earliest `time`, in microseconds since 1970: the beginning of the year 2000.
    package var earliest: Int64 = 946_684_800_000_000
    /// How far after its arrival an event may say to have happened, in microseconds.
    package var ahead: Int64 = 86_400_000_000
    /// Bytes of all bodies that are being read and decoded at once, as sent and decompressed; past it 429.
    package var bytesUnderWay = 128 << 20

    package init() {}
}
