import Crypto
package import FoundationEssentials

/// AWS Signature Version 4 in a request's `Authorization` field; pure.
///
/// Paths and queries come as they are meant, not encoded: signing and sending use the same encoding
/// (`encode(_:keepsSlashes:)`), each path segment once, which is S3's rule and not that of AWS's other services.
package struct SignatureV4: Sendable {
    package typealias Pair = (name: String, value: String)

    package let credentials: S3Credentials
    package let region: String
    package let service: String

    package init(credentials: S3Credentials, region: String, service: String = "s3") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// What stands for a body that is not hashed; only TLS keeps it from being changed.
    package static let unsignedPayload = "UNSIGNED-PAYLOAD"

    /// The fields to add to a request, all of which are signed with it: `authorization`, `x-amz-date` and, if there is
    /// a session, `x-amz-security-token`.
    ///
    /// - Parameters:
    ///   - method: In capitals.
    ///   - path: Begins with `/`.
    ///   - query: In any order.
    ///   - fields: What is to be signed; `host` must be there, and for S3 `x-amz-content-sha256`.
    ///   - payloadHash: SHA-256 of the body in hexadecimal digits, or `unsignedPayload`.
    ///   - date: By a clock that is right to within a quarter of an hour.
    /// - Returns: Names in lower case.
    package func fields(
        method: String,
        path: String,
        query: [Pair],
        fields: [Pair],
        payloadHash: String,
        date: Date
    ) -> [Pair] {
        let stamp = S3Time.stamp(date)
        var added: [Pair] = [("x-amz-date", stamp)]
        if let token = credentials.sessionToken { added.append(("x-amz-security-token", token)) }
        let (canonical, names) = Self.canonicalRequest(method, path, query, fields + added, payloadHash)
        let scope = "\(stamp.prefix(8))/\(region)/\(service)/aws4_request"
        let toSign = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n" + Self.hex(SHA256.hash(data: Array(canonical.utf8)))
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey)".utf8))
        for part in scope.split(separator: "/") { key = SymmetricKey(data: Self.code(String(part), key)) }
        let signature = Self.hex(Self.code(toSign, key))
        let credential = "Credential=\(credentials.accessKey)/\(scope)"
        let value = "AWS4-HMAC-SHA256 \(credential), SignedHeaders=\(names), Signature=\(signature)"
        return added + [("authorization", value)]
    }

    /// Percent-encodes all but unreserved characters (RFC 3986), with capital digits.
    package static func encode(_ text: String, keepsSlashes: Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            case UInt8(ascii: "/") where keepsSlashes: result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The query as it is sent and signed: encoded, in the order of its encoded names.
    package static func encode(query: [Pair]) -> String {
        query.map { (encode($0.name, keepsSlashes: false), encode($0.value, keepsSlashes: false)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    /// Lower-case hexadecimal digits.
    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func canonicalRequest(
        _ method: String,
        _ path: String,
        _ query: [Pair],
        _ fields: [Pair],
        _ payloadHash: String
    ) -> (text: String, signedNames: String) {
        var values: [String: [String]] = [:]
        for field in fields {
            let words = field.value.split(separator: " ").joined(separator: " ")
            values[field.name.lowercased(), default: []].append(words)
        }
        let names = values.keys.sorted()
        let lines = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }
        let signedNames = names.joined(separator: ";")
        let parts = [
            method, encode(path, keepsSlashes: true), encode(query: query), lines.joined(), signedNames, payloadHash,
        ]
        return (parts.joined(separator: "\n"), signedNames)
    }

    private static func code(_ text: String, _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }
}
