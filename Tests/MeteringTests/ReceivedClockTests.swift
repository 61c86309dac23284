import Metering
import Synchronization
import Testing

@Suite("Arrivals")
struct ReceivedClockTests {
    @Test("arrivals never step back, whatever the clock does")
    func arrivals() {
        let times = Mutex([5, 3, 7, 7, 6] as [Int64])
        let clock = ReceivedClock(after: 4) { times.withLock { $0.removeFirst() } }
        #expect((0..<5).map { _ in clock.arrival() } == [5, 5, 7, 7, 7])
    }

    @Test("the newest arrival of before holds, too")
    func before() {
        let clock = ReceivedClock(after: 9) { 1 }
        #expect(clock.arrival() == 9)
    }
}
