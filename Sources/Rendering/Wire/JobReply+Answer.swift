import DeliveryTypes
import FoundationEssentials

/// What the pool believes of a worker's reply.
///
/// The worker may have been taken over by its last picture, so every number is checked against what a reply can hold;
/// what the picture shows can of course not be checked.
extension JobReply {
    struct Answer {
        var result: Result<RenderResult, RenderingError>
        /// The worker says that the fault is its own.
        var isFault: Bool
    }

    private static let messageLengthMax = 500

    static func answer(in frame: FrameAssembler.Frame, to job: JobID) throws(FrameError) -> Answer {
        // Whatever does not decode is a broken protocol.
        guard let reply = try? JSONDecoder().decode(JobReply.self, from: Data(frame.header)),
            reply.number == job.number, reply.cpuMicroseconds >= 0
        else { throw .malformed }
        switch (reply.head, reply.failure) {
        case (let head?, nil):
            guard isPlausible(head) else { throw .malformed }
            return Answer(result: .success(RenderResult(head: head, bytes: frame.body)), isFault: false)
        case (nil, let failure?):
            guard frame.body.isEmpty else { throw .malformed }
            let message = failure.message.unicodeScalars.prefix(messageLengthMax).filter { $0.value >= 0x20 }
            let clean = RenderFailure(failure.code, String(String.UnicodeScalarView(message)))
            return Answer(result: .failure(.failed(clean)), isFault: failure.code == .workerFault)
        default: throw .malformed
        }
    }

    private static func isPlausible(_ head: RenderResult.Head) -> Bool {
        let sides = [head.source.size, head.size].compactMap { $0 }.flatMap { [$0.width, $0.height] }
        let counts = [
            head.source.frames, head.source.bytes, head.frames, head.decodeMicroseconds, head.encodeMicroseconds,
            head.cpuMicroseconds,
        ]
        return sides.allSatisfy { 0...Int(Int32.max) ~= $0 } && counts.allSatisfy { $0 >= 0 }
            && 1...8 ~= head.source.orientation && 0...100 ~= head.quality ?? 0
            && (head.blurHash?.utf8.count ?? 0) <= 256 && (head.thumbHash?.utf8.count ?? 0) <= 256
            && -1...1 ~= head.similarity ?? 0
    }
}
