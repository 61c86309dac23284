import Crypto
import FoundationEssentials
import HTTPTypes
import Origin

/// How nodes prove to each other that they belong together when they hand settings on.
///
/// The secret that travels is made from the nodes' common token and opens nothing but settings: an upstream that is no
/// Vitrine origin learns nothing of worth.
struct SettingsPeer: Sendable {
    /// What this node shows; `nil` in unsafe mode and without a token.
    let shown: String?
    private let access: AccessPolicy
    private let accepted: [String]

    init(access: AccessPolicy, tokens: [String]) {
        self.access = access
        accepted = tokens.filter { !$0.isEmpty }.map { Self.secret(of: $0) }
        shown = access.isUnsafe ? nil : accepted.first
    }

    /// Whether a request comes from a node with one of our tokens, or from somebody who holds one.
    func isPeer(_ request: HTTPRequest) -> Bool {
        if access.holdsToken(request) { return true }
        guard let value = request.headerFields[.authorization], value.utf8.count > 7,
            value.prefix(7).lowercased() == "bearer "
        else { return false }
        // Digests take the same time to compare whatever was sent.
        let sent = SHA256.hash(data: Data(value.dropFirst(7).utf8))
        var isAccepted = false
        for secret in accepted where SHA256.hash(data: Data(secret.utf8)) == sent { isAccepted = true }
        return isAccepted
    }

    private static func secret(of token: String) -> String {
        let key = SymmetricKey(data: Data(token.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data("vitrine settings feed, version 1".utf8), using: key)
        return code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
