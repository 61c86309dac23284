import Caching
import HTTPSemantics
import HTTPTypes
import NIOCore

/// What the disk tier keeps beside a body: `docs/formats/stored-response.md` gives the bytes.
///
/// A record is a response, or the rule by which a resource's variants are told apart.
enum StoredRecord {
    case response(StoredResponse, PurgeSubject, CachedResponse.Maker)
    case variants(VaryRule)

    private static let version: UInt8 = 1
    private static let textBytesMax = 65_535
    private static let tagsMax = 1_024

    /// `nil` for a head that cannot be written, say with a field that is no UTF-8: it stays in memory only.
    var encoded: ByteBuffer? {
        var buffer = ByteBuffer()
        buffer.writeInteger(Self.version)
        switch self {
        case .response(let stored, let subject, let maker):
            buffer.writeInteger(UInt8(0))
            let index = CachedResponse.Maker.allCases.firstIndex(of: maker) ?? 0
            buffer.writeInteger(UInt8(index))
            buffer.writeInteger(subject.bornSequence)
            Self.write(subject.url, to: &buffer)
            buffer.writeInteger(UInt16(min(subject.tags.count, Self.tagsMax)))
            for tag in subject.tags.prefix(Self.tagsMax) { Self.write(tag, to: &buffer) }
            guard let bytes = stored.encoded() else { return nil }
            buffer.writeBytes(bytes)
        case .variants(let rule):
            buffer.writeInteger(UInt8(1))
            Self.write(rule.text, to: &buffer)
        }
        return buffer
    }

    /// `nil` for bytes of another version or that were never written by `encoded`.
    init?(decoding bytes: ByteBuffer) {
        var buffer = bytes
        guard buffer.readInteger(as: UInt8.self) == Self.version, let kind = buffer.readInteger(as: UInt8.self)
        else { return nil }
        switch kind {
        case 0:
            guard let makerIndex = buffer.readInteger(as: UInt8.self),
                Int(makerIndex) < CachedResponse.Maker.allCases.count,
                let born = buffer.readInteger(as: UInt64.self), let url = Self.readText(&buffer),
                let tagCount = buffer.readInteger(as: UInt16.self), tagCount <= Self.tagsMax
            else { return nil }
            var tags: [String] = []
            for _ in 0..<tagCount {
                guard let tag = Self.readText(&buffer) else { return nil }
                tags.append(tag)
            }
            let rest = buffer.readableBytesView
            // Damaged metadata: the record counts as absent.
            guard let stored = try? StoredResponse(decoding: Array(rest)[...]) else { return nil }
            let subject = PurgeSubject(bornSequence: born, url: url, tags: tags)
            self = .response(stored, subject, CachedResponse.Maker.allCases[Int(makerIndex)])
        case 1:
            guard let names = Self.readText(&buffer) else { return nil }
            self = .variants(VaryRule(fields: [.vary: names]))
        default: return nil
        }
    }

    private static func write(_ text: String, to buffer: inout ByteBuffer) {
        let bytes = text.utf8.prefix(textBytesMax)
        buffer.writeInteger(UInt16(bytes.count))
        buffer.writeBytes(bytes)
    }

    private static func readText(_ buffer: inout ByteBuffer) -> String? {
        guard let length = buffer.readInteger(as: UInt16.self) else { return nil }
        return buffer.readString(length: Int(length))
    }
}
