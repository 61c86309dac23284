import Crypto
package import DeliveryTypes
package import HTTPSemantics
package import HTTPTypes

/// Who may do what: signatures for deliveries, bearer tokens for uploads, listings and signing.
///
/// In unsafe mode (a demo on a loopback listener) the signature `unsafe` and requests without a token pass, as long as
/// they were made for this machine: a page of another site open in the same browser must not upload here, nor may a
/// name that was rebound to 127.0.0.1.
package struct AccessPolicy: Sendable {
    package var keyring: SignatureKeyring
    /// SHA-256 of each accepted token, so that comparing takes the same time whatever was sent.
    private let tokenDigests: [SHA256Digest]
    /// What this node shows its peers; `nil` without a token.
    package let peerToken: String?
    /// Whether unsafe mode is on *and* the listener is a loopback address.
    package let isUnsafe: Bool

    package init(keyring: SignatureKeyring, tokens: [String], isUnsafe: Bool) {
        self.keyring = keyring
        peerToken = tokens.first { !$0.isEmpty }
        tokenDigests = tokens.filter { !$0.isEmpty }.map { SHA256.hash(data: Array($0.utf8)) }
        self.isUnsafe = isUnsafe
    }

    /// - Throws: `ProblemDocument` 401 without a valid token.
    package func requireToken(_ request: HTTPRequest) throws(ProblemDocument) {
        if holdsToken(request) { return }
        if isUnsafe, request.headerFields[.authorization] == nil {
            try requireLocal(request)
            return
        }
        throw ProblemDocument(
            "token-required",
            status: .unauthorized,
            title: "A token is required",
            detail: "Send \"Authorization: Bearer TOKEN\" with one of the server's tokens (setting \"token\")."
        )
    }

    /// Whether a request without a token may read what else needs one: in unsafe mode, from this machine.
    package func mayReadWithoutSecret(_ request: HTTPRequest) -> Bool {
        guard isUnsafe, request.headerFields[.authorization] == nil else { return false }
        do throws(ProblemDocument) {
            try requireLocal(request)
            return true
        } catch {
            return false
        }
    }

    /// Lets an operator change the server's state over the admin listener: from this machine, or with a token.
    ///
    /// - Throws: `ProblemDocument` 403 for other hosts' names and other sites' pages.
    package func requireOperator(_ request: HTTPRequest) throws(ProblemDocument) {
        if holdsToken(request) { return }
        try requireLocal(request)
    }

    /// Whether the request carries an accepted bearer token.
    package func holdsToken(_ request: HTTPRequest) -> Bool {
        guard let value = request.headerFields[.authorization], value.count > 7,
            value.prefix(7).lowercased() == "bearer "
        else { return false }
        let digest = SHA256.hash(data: Array(value.dropFirst(7).utf8))
        var isAccepted = false
        for accepted in tokenDigests where accepted == digest { isAccepted = true }
        return isAccepted
    }

    /// - Throws: `ProblemDocument` 403 when the signature does not fit the signed text.
    package func requireSignature(
        _ signature: String,
        over signed: String,
        request: HTTPRequest
    ) throws(ProblemDocument) {
        if signature == "unsafe", isUnsafe {
            try requireLocal(request)
            return
        }
        if keyring.verify(signature: signature, over: signed) { return }
        let hint =
            signature == "unsafe"
            ? "Unsigned URLs are only accepted in unsafe mode on a loopback listener. "
            : ""
        throw ProblemDocument(
            "bad-signature",
            status: .forbidden,
            title: "The signature is not valid",
            detail: hint + "Sign the path after the signature with the server's key and salt, or with \"vitrine url\"."
        )
    }

    /// Where no secret is asked for, only requests addressed to this machine, and not sent by another site's page,
    /// are served.
    private func requireLocal(_ request: HTTPRequest) throws(ProblemDocument) {
        let site = request.headerFields[.secFetchSite]
        let isOwn = site == nil || site == "same-origin" || site == "none"
        guard Self.isLoopback(authority: request.authority ?? ""), isOwn else {
            throw ProblemDocument(
                "not-local",
                status: .forbidden,
                title: "Only for requests of this machine",
                detail: "Without a token the Host must be localhost or a loopback address, the page the server's own."
            )
        }
    }

    /// Whether a listener's host or a request's authority names the loopback interface.
    package static func isLoopback(authority: String) -> Bool {
        var host = authority[...]
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            host = host[host.index(after: host.startIndex)..<end]
        } else if host.filter({ $0 == ":" }).count == 1, let colon = host.lastIndex(of: ":") {
            host = host[..<colon]
        }
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
