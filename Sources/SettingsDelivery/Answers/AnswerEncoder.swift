import Compression
import DeliveryTypes
import HTTPSemantics
import HTTPTypes
package import NIOCore

/// Chooses and applies the content coding of an answer.
///
/// The client's `Accept-Encoding` decides; among codings it likes equally, `dcz` comes first where the client has the
/// dictionary, then `zstd`, `br` and `gzip`. Compressing takes milliseconds, so a gate bounds how many run at a time:
/// who finds it busy gets what was compressed at publish time, or no coding.
package struct AnswerEncoder: Sendable {
    /// A body as it is sent, and its coding; `nil` for none.
    package struct Encoded: Sendable {
        package let body: ByteBuffer
        package let coding: String?
        /// Whether the body was compressed at publish time.
        package let isPacked: Bool
    }

    /// Bodies below this many bytes are sent as they are.
    package static let worthwhileBytes = 860

    private let compressor: Compressor
    private let gate: CompressionGate
    private let dictionaries: DictionaryShelf

    /// - Parameter concurrent: Compressions at a time; 0 compresses nothing while somebody waits.
    package init(concurrent: Int = 2) {
        compressor = Compressor(idleMax: concurrent)
        gate = CompressionGate(limit: concurrent)
        dictionaries = DictionaryShelf()
    }

    /// Compressions that were not made because too many ran; for metrics.
    package var refused: Int { gate.refused }

    /// The body in the best coding there is for it.
    ///
    /// CPU work of milliseconds: not for an event loop.
    ///
    /// `fields`: The request's.
    /// `dictionary`: The document that the client may have.
    /// `packed`: The body in a coding (`zstd`, `gzip`) from what was compressed at publish time.
    /// `body`: The body without a coding; not asked for where a packed one is sent.
    func encode(
        for fields: HTTPFields,
        dictionary: SettingsDictionary? = nil,
        packed: (String, ([UInt8]) -> [UInt8]) -> ByteBuffer? = { _, _ in nil },
        body: () -> ByteBuffer
    ) -> Encoded {
        let accepted = AcceptEncoding(fields[values: .acceptEncoding])
        var offered: [ContentCoding] = [.zstd, .br, .gzip]
        let shared = dictionary.flatMap { Self.names($0, fields[.availableDictionary]) ? $0 : nil }
        if shared != nil { offered.insert(.dcz, at: 0) }
        guard let best = accepted.best(of: offered), accepted.weight(of: best) >= accepted.weight(of: .identity) else {
            return Encoded(body: body(), coding: nil, isPacked: false)
        }
        guard gate.enter() else {
            for coding in [ContentCoding.zstd, .gzip] where accepted.weight(of: coding) > 0 {
                var hasFailed = false
                let bytes = packed(coding.rawValue) { text in
                    do throws(CompressionError) {
                        return try compressor.compress(text, as: coding)
                    } catch {
                        hasFailed = true
                        return []
                    }
                }
                guard let bytes, !hasFailed else { continue }
                return Encoded(body: bytes, coding: coding.rawValue, isPacked: true)
            }
            return Encoded(body: body(), coding: nil, isPacked: false)
        }
        defer { gate.leave() }
        let plain = body()
        guard plain.readableBytes >= Self.worthwhileBytes else {
            return Encoded(body: plain, coding: nil, isPacked: false)
        }
        do throws(CompressionError) {
            let prepared = try shared.map { text throws(CompressionError) in try dictionaries.prepared(text) }
            let bytes = try compressor.compress(plain, as: best, dictionary: prepared)
            return Encoded(body: bytes, coding: best.field, isPacked: false)
        } catch {
            // Out of memory, or a dictionary that cannot be one: the answer is as good without a coding.
            return Encoded(body: plain, coding: nil, isPacked: false)
        }
    }

    /// Whether `Available-Dictionary` (RFC 9842 §2.2, a byte sequence) names the dictionary.
    static func names(_ dictionary: SettingsDictionary, _ value: String?) -> Bool {
        guard let value, value.count == 46, value.first == ":", value.last == ":" else { return false }
        return Base64Digest.digest(value.dropFirst().dropLast())?.hex == dictionary.digest
    }
}
