import DeliveryTypes
import JSON
import Settings

/// Short ways from a text to what it compiles to.
enum Compiled {
    static let now: Int64 = 1_800_000_000_000

    /// "Compresses" by leaving everything as it is.
    static let packing = ReleaseCompiler.Packing(zstd: { $0 }, gzip: { $0 })

    static func release(_ text: String) throws -> Release {
        try ReleaseCompiler(packing: packing, isValidating: false).compile(Array(text.utf8))
    }

    static func loaded(_ text: String) throws -> LoadedRelease { try LoadedRelease(release(text)) }

    static func context(_ attributes: JSONValue = [:]) -> EvaluationContext {
        EvaluationContext(attributes: attributes.object ?? JSONObject(), nowMilliseconds: now)
    }

    static func document(_ evaluated: Evaluated) -> String {
        String(decoding: Assembler(evaluated).bytes(), as: UTF8.self)
    }

    static func value(_ text: some Collection<UInt8>) throws -> JSONValue {
        try JSONParser().value(from: Array(text))
    }
}
