import DeliveryTypes
import Foundation
import Testing

@testable import Rendering

/// What the pool believes of a worker that may have been taken over.
@Suite struct JobReplyTests {
    private let head = RenderResult.Head(
        source: PictureFacts(format: .jpeg, size: PixelSize(width: 40, height: 30), bytes: 1_000)
    )

    private func answer(_ reply: JobReply, body: [UInt8] = []) throws -> JobReply.Answer {
        let header = try Array(JSONEncoder().encode(reply))
        return try JobReply.answer(in: .init(kind: .reply, header: header, body: body), to: JobID(number: 7))
    }

    @Test("a correct reply is believed")
    func good() throws {
        let found = try answer(JobReply(number: 7, head: head, cpuMicroseconds: 5), body: [1])
        #expect(found.result == .success(RenderResult(head: head, bytes: [1])))
        #expect(!found.isFault)
    }

    @Test("a failure is told in a short plain sentence")
    func failure() throws {
        let message = "bad\n\u{0}\u{1b}[31m" + String(repeating: "é", count: 10_000)
        let reply = JobReply(number: 7, failure: RenderFailure(.corruptSource, message), cpuMicroseconds: 5)
        guard case .failure(.failed(let failure)) = try answer(reply).result else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.code == .corruptSource)
        #expect(failure.message.hasPrefix("bad[31mé"))
        #expect(failure.message.count <= 500)
    }

    @Test("a fault of the worker's own is told apart")
    func fault() throws {
        let reply = JobReply(number: 7, failure: RenderFailure(.workerFault, "memory"), cpuMicroseconds: 5)
        #expect(try answer(reply).isFault)
    }

    @Test("what cannot be is a broken protocol")
    func implausible() throws {
        let failure = RenderFailure(.corruptSource, "bad")
        var heads = [head, head, head, head, head, head, head]
        heads[0].source.size.width = -1
        heads[1].size = PixelSize(width: 1, height: 1 << 40)
        heads[2].source.orientation = 9
        heads[3].quality = 101
        heads[4].blurHash = String(repeating: "x", count: 257)
        heads[5].cpuMicroseconds = -1
        heads[6].similarity = 1.5
        var replies = heads.map { JobReply(number: 7, head: $0, cpuMicroseconds: 5) }
        replies += [
            JobReply(number: 8, head: head, cpuMicroseconds: 5),
            JobReply(number: 7, head: head, cpuMicroseconds: -5),
            JobReply(number: 7, cpuMicroseconds: 5),
            JobReply(number: 7, head: head, failure: failure, cpuMicroseconds: 5),
        ]
        for reply in replies {
            #expect(throws: FrameError.malformed, "\(reply)") { try answer(reply) }
        }
        #expect(throws: FrameError.malformed) {
            try answer(JobReply(number: 7, failure: failure, cpuMicroseconds: 5), body: [1])
        }
    }

    @Test(
        "text that is no reply is a broken protocol",
        arguments: ["", "{", "[]", "null", "{\"number\":7}", "{\"number\":1e999,\"cpuMicroseconds\":1}", "\u{FEFF}{}"]
    )
    func garbage(text: String) {
        #expect(throws: FrameError.malformed) {
            try JobReply.answer(
                in: .init(kind: .reply, header: Array(text.utf8), body: []),
                to: JobID(number: 7)
            )
        }
    }

    @Test("text nested without end is a broken protocol, not a crash")
    func nested() {
        let text = String(repeating: "[", count: 60_000)
        #expect(throws: FrameError.malformed) {
            try JobReply.answer(
                in: .init(kind: .reply, header: Array(text.utf8), body: []),
                to: JobID(number: 7)
            )
        }
    }
}
