/// Why keys and salts cannot be used: a fault of the configuration.
///
/// Names a pair by its number, from 1, and never repeats a secret.
package enum SignatureKeyringError: Error, Hashable, Sendable, CustomStringConvertible {
    case unequalCounts(keys: Int, salts: Int)
    case tooManyPairs(Int)
    case invalidKey(pair: Int)
    case invalidSalt(pair: Int)
    case invalidSignatureSize(Int)

    package var description: String {
        let form = "is not hexadecimal: two digits for each of 1 to \(GrammarLimits.keyBytesMax) bytes"
        return switch self {
        case .unequalCounts(let keys, let salts):
            "Every key needs a salt: there are \(keys) keys and \(salts) salts."
        case .tooManyPairs(let count):
            "There are \(count) key and salt pairs, more than \(GrammarLimits.keyPairsMax)."
        case .invalidKey(let pair): "The key of pair \(pair) \(form)."
        case .invalidSalt(let pair): "The salt of pair \(pair) \(form)."
        case .invalidSignatureSize(let size):
            "A signature has 1 to \(SignatureKeyring.fullSize) bytes, not \(size)."
        }
    }
}
