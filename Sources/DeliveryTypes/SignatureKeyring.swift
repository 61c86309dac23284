import Crypto

/// The secrets that delivery URLs are signed with: imgproxy's scheme, HMAC-SHA256 keyed by `key` over `salt` and
/// path, written as URL-safe Base64 without padding.
///
/// Several pairs are valid at a time, so that they can be rotated: put the new pair first (it signs), and drop the
/// old one when no URL carries it any more. Checking costs one HMAC a pair, about a microsecond each, and takes the
/// same time for right and wrong signatures of the same length. An empty keyring accepts nothing.
package struct SignatureKeyring: Sendable {
    /// Bytes of an untruncated signature.
    package static let fullSize = 32

    private struct Pair: Sendable {
        let key: SymmetricKey
        let salt: [UInt8]
    }

    private let pairs: [Pair]
    private let size: Int
    private let trusted: [[UInt8]]

    /// Takes `keys` and `salts` in hexadecimal, paired by position.
    ///
    /// `signatureSize` is the bytes of a signature before Base64, 1…32; fewer than 32 make shorter, weaker URLs.
    /// `trustedSignatures` are texts accepted as the signature of every path.
    /// - Throws: `SignatureKeyringError`, which says which pair is wrong and never what it holds.
    package init(
        keys: [String],
        salts: [String],
        signatureSize: Int = fullSize,
        trustedSignatures: [String] = []
    ) throws(SignatureKeyringError) {
        guard keys.count == salts.count else {
            throw .unequalCounts(keys: keys.count, salts: salts.count)
        }
        guard keys.count <= GrammarLimits.keyPairsMax else { throw .tooManyPairs(keys.count) }
        guard (1...Self.fullSize).contains(signatureSize) else { throw .invalidSignatureSize(signatureSize) }
        var pairs: [Pair] = []
        for (number, (key, salt)) in zip(keys, salts).enumerated() {
            guard let keyBytes = Self.bytes(hex: key) else { throw .invalidKey(pair: number + 1) }
            guard let saltBytes = Self.bytes(hex: salt) else { throw .invalidSalt(pair: number + 1) }
            pairs.append(Pair(key: SymmetricKey(data: keyBytes), salt: saltBytes))
        }
        self.pairs = pairs
        size = signatureSize
        trusted = trustedSignatures.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    /// Whether no signature would be accepted.
    package var isEmpty: Bool { pairs.isEmpty && trusted.isEmpty }

    /// Whether `signature` is that of `path` (a `SignedPath.signedPart`) with any of the pairs, or is trusted.
    package func verify(signature: some StringProtocol, over path: some StringProtocol) -> Bool {
        let text = Array(signature.utf8.prefix(GrammarLimits.pathBytesMax))
        var isGood = false
        for candidate in trusted where Self.areEqual(candidate, text) { isGood = true }
        // Longer than any signature: not worth an HMAC.
        guard text.count <= (Self.fullSize * 4 + 2) / 3, let given = Base64URL.decode(text, padding: false) else {
            return isGood
        }
        for pair in pairs where Self.areEqual(code(of: path, with: pair), given) { isGood = true }
        return isGood
    }

    /// The signature of `path` with the first pair; `nil` where there is none.
    package func signature(of path: some StringProtocol) -> String? {
        pairs.first.map { Base64URL.encode(code(of: path, with: $0)) }
    }

    /// `/{signature}{path}`, to be put after `/img` or `/info`; `nil` where there is no pair.
    package func sign(_ path: some StringProtocol) -> String? {
        signature(of: path).map { "/" + $0 + path }
    }

    private func code(of path: some StringProtocol, with pair: Pair) -> [UInt8] {
        var authentication = HMAC<SHA256>(key: pair.key)
        authentication.update(data: pair.salt)
        authentication.update(data: Array(path.utf8))
        return Array(authentication.finalize().prefix(size))
    }

    /// Compares every byte, wherever the first difference is.
    private static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        var difference: UInt8 = 0
        for position in first.indices { difference |= first[position] ^ second[position] }
        return difference == 0
    }

    /// `nil` where the text is empty, too long, of an odd length or not hexadecimal.
    private static func bytes(hex: String) -> [UInt8]? {
        let digits = hex.utf8.compactMap(PercentEncoding.digit)
        guard digits.count == hex.utf8.count, !digits.isEmpty, digits.count.isMultiple(of: 2),
            digits.count <= GrammarLimits.keyBytesMax * 2
        else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

extension SignatureKeyring: CustomStringConvertible, CustomReflectable {
    /// Without secrets, so that a keyring can be logged.
    package var description: String { "SignatureKeyring(\(pairs.count) pairs, \(size) bytes)" }
    package var customMirror: Mirror { Mirror(self, children: ["pairs": pairs.count, "size": size]) }
}
