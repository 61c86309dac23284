import DeliveryTypes

/// What a client holds, in a few hundred bytes: the release, each setting's line, and what placeholders were filled
/// with (`docs/formats/settings-state.md`).
///
/// Opaque to clients. It is not signed: who forges one damages nobody's answer but the own.
package struct StateToken: Sendable, Equatable {
    /// Longest text that is read or written, in characters.
    package static let lengthMax = 16_384

    private static let version: UInt8 = 1
    private static let headCount = 21

    /// The first 8 bytes of the manifest's digest, big-endian; 0 for a state that no delta can begin with.
    package let release: UInt64
    /// A hash of what the placeholders were filled with.
    let placeholders: UInt64
    /// The choices, range coded.
    private let coded: [UInt8]

    /// - Parameters:
    ///   - outline: the release's.
    ///   - choices: for each dynamic setting its line, or the number of lines for `null`, or one more for a value that
    ///     the caller had forced.
    ///   - placeholders: a hash of what they were filled with.
    ///   - isWhole: whether this is all that a document depends on; if not, no delta can begin with the token.
    init(_ outline: ReleaseOutline, choices: (_ dynamic: Int) -> Int, placeholders: UInt64, isWhole: Bool) {
        release = isWhole ? outline.shortName : 0
        self.placeholders = placeholders
        guard isWhole else {
            coded = []
            return
        }
        var encoder = RangeEncoder()
        var models = ChoiceModels()
        for (index, setting) in outline.dynamic.enumerated() {
            let choice = choices(index)
            _ = models.code(outline.shapes[setting].lines + 1) { step, model in
                let isMore = choice > step
                encoder.encode(isMore, &model)
                return isMore
            } rest: {
                encoder.encode(choice - ChoiceModels.unaryMax, bits: 16)
                return choice - ChoiceModels.unaryMax
            }
        }
        coded = encoder.finish()
    }

    /// The choices of the release's dynamic settings; `nil` when the token does not fit the release.
    func choices(_ outline: ReleaseOutline) -> [Int]? {
        guard outline.shortName == release else { return nil }
        var decoder = RangeDecoder(coded[...])
        var models = ChoiceModels()
        var choices: [Int] = []
        choices.reserveCapacity(outline.dynamic.count)
        for setting in outline.dynamic {
            let choice = models.code(outline.shapes[setting].lines + 1) { _, model in
                decoder.decode(&model)
            } rest: {
                decoder.decode(bits: 16)
            }
            guard let choice else { return nil }
            choices.append(choice)
        }
        return choices
    }

    /// Reads a token; `nil` for what this version has not written or what a client has changed.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.lengthMax, let bytes = Base64URL.bytes(of: text.utf8),
            bytes.count >= Self.headCount, bytes[0] == Self.version
        else { return nil }
        release = Self.number(bytes[1..<9])
        placeholders = Self.number(bytes[9..<17])
        coded = Array(bytes[Self.headCount...])
        guard Self.number(bytes[17..<21]) == checksum, coded.last != 0 else { return nil }
    }

    /// `[A-Za-z0-9_-]*`; empty where the state would be longer than `lengthMax` characters, or no delta can begin
    /// with it.
    package var text: String {
        guard release != 0, (Self.headCount + coded.count) * 4 / 3 + 3 <= Self.lengthMax else { return "" }
        var bytes = [Self.version]
        Self.append(release, count: 8, to: &bytes)
        Self.append(placeholders, count: 8, to: &bytes)
        Self.append(checksum, count: 4, to: &bytes)
        return String(decoding: Base64URL.text(of: bytes + coded), as: UTF8.self)
    }

    private var checksum: UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.combine(UInt64(Self.version))
        fingerprint.combine(release)
        fingerprint.combine(placeholders)
        fingerprint.combine(coded)
        return fingerprint.digest.low & 0xFFFF_FFFF
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 &<< 8 | UInt64($1) }
    }

    private static func append(_ number: UInt64, count: Int, to bytes: inout [UInt8]) {
        for place in stride(from: count - 1, through: 0, by: -1) {
            bytes.append(UInt8(truncatingIfNeeded: number &>> (8 * UInt64(place))))
        }
    }
}
