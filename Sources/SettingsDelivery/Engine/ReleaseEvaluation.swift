import JSON
import NIOCore
import Settings

/// One request's result from a loaded release.
struct ReleaseEvaluation: SettingsEvaluation {
    let engine: ReleaseEngine
    let evaluated: Evaluated

    var etag: String { evaluated.etag }
    var state: String { evaluated.token.text }

    var partition: String? {
        evaluated.partition.map { key in
            [key.platform, key.country].compactMap { $0?.text }.joined(separator: ",")
        }
    }

    var exposureMark: UInt64 { evaluated.exposureMark }

    var exposures: [ExperimentExposure] { evaluated.assignments.map { ExperimentExposure($0) } }

    var newAssignments: [StoredAssignments] { (evaluated.sticky?.toStore ?? []).map { StoredAssignments($0) } }

    func document() -> ByteBuffer {
        let assembler = Assembler(evaluated)
        var buffer = ByteBufferAllocator().buffer(capacity: assembler.byteCount)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: assembler.byteCount) { assembler.write(to: &$0) }
        return buffer
    }

    func packed(_ coding: String, compress: ([UInt8]) -> [UInt8]) -> ByteBuffer? {
        guard let coding = PackedCoding(rawValue: coding) else { return nil }
        return Assembler(evaluated).packed(coding, compress: compress).map { ByteBuffer(bytes: $0) }
    }

    func delta(since state: String) -> ByteBuffer? {
        guard let token = StateToken(state) else { return nil }
        return Assembler(evaluated).delta(since: token, older: engine.earlier).map { ByteBuffer(bytes: $0.bytes) }
    }

    func remote() -> [UInt8] { RemoteEvaluation(evaluated).bytes() }

    func flags() -> [FlagResolution] {
        evaluated.release.names.enumerated().map { setting, name in
            engine.arms.flag(
                name,
                setting,
                ordinal: evaluated.ordinal(of: setting),
                value: evaluated.value(of: setting),
                now: evaluated.context.nowMilliseconds
            )
        }
    }
}
