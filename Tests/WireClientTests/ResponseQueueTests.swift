import HTTPTypes
import NIOCore
import Testing
import VitrineTesting

@testable import Wire

@Suite("ResponseQueue")
struct ResponseQueueTests {
    private func part(_ count: Int, _ byte: UInt8 = 0x78) -> ResponseQueue.Event {
        .body(ByteBuffer(repeating: byte, count: count))
    }

    @Test("the source is told once to wait, and once to go on when half has been taken")
    func backPressure() {
        var queue = ResponseQueue(unreadBytesMax: 60_000)
        var pauses: [Bool] = []
        for _ in 0..<5 { pauses.append(queue.offer(part(20_000))) }
        #expect(pauses == [false, false, true, false, false])
        var resumes: [Bool] = []
        for _ in 0..<5 { resumes.append(queue.take().resumes) }
        #expect(resumes == [false, false, false, true, false])
        #expect(queue.unreadBytes == 0 && queue.take().event == nil)
    }

    @Test("small parts are joined, so that one byte does not hold a buffer")
    func joining() {
        var queue = ResponseQueue(unreadBytesMax: 1 << 20)
        let storage = ByteBuffer(repeating: 0x61, count: 64 * 1_024)
        for _ in 0..<100_000 {
            guard let slice = storage.getSlice(at: 7, length: 1) else { return }
            _ = queue.offer(.body(slice))
        }
        var parts = 0
        var bytes = 0
        while case .body(let part)? = queue.take().event {
            parts += 1
            bytes += part.readableBytes
        }
        #expect(bytes == 100_000 && parts <= 8)
    }

    @Test("the end comes after everything else, again and again")
    func last() {
        var queue = ResponseQueue(unreadBytesMax: 100)
        _ = queue.offer(part(1))
        _ = queue.offer(.failure(.truncated))
        _ = queue.offer(part(1))
        _ = queue.offer(.end)
        #expect(queue.take().event?.text == "body x")
        #expect(queue.take().event?.text == "truncated")
        #expect(queue.take().event?.text == "truncated")
    }

    @Test("what is dropped leaves only the failure")
    func dropping() {
        var queue = ResponseQueue(unreadBytesMax: 1)
        _ = queue.offer(part(5))
        _ = queue.offer(.end)
        queue.drop(.cancelled)
        #expect(queue.unreadBytes == 0 && queue.take().event?.text == "cancelled")
    }

    @Test("the bytes come out as they went in, however they are joined and taken (seed 8)")
    func model() {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<200 {
            var queue = ResponseQueue(unreadBytesMax: 40_000)
            var offered: [UInt8] = []
            var taken: [UInt8] = []
            var isPaused = false
            for _ in 0..<60 {
                if Bool.random(using: &random), !isPaused {
                    let bytes = random.bytes(Int.random(in: 1...9_000, using: &random))
                    offered += bytes
                    isPaused = queue.offer(.body(ByteBuffer(bytes: bytes))) || isPaused
                } else {
                    let (event, resumes) = queue.take()
                    if case .body(let part)? = event { taken += part.readableBytesView }
                    if resumes { isPaused = false }
                }
                #expect(queue.unreadBytes == offered.count - taken.count)
                #expect(queue.isPaused == isPaused && queue.unreadBytes < 40_000 + 9_000)
            }
            while case .body(let part)? = queue.take().event { taken += part.readableBytesView }
            #expect(taken == offered)
        }
    }
}
