/// One bucket of an S3 service, and how to talk to it.
package struct S3Configuration: Sendable {
    package enum Style: String, Hashable, Sendable {
        /// `https://host/bucket/key`: what self-hosted services take.
        case path
        /// `https://bucket.host/key`: what AWS wants.
        case virtualHost
    }

    package var bucket: String
    /// Put before every key, without a trailing slash; empty for none.
    package var prefix: String
    package var region: String
    /// `http` or `https`.
    package var isSecure: Bool
    /// Host name or address of the service, without the bucket; IPv6 in brackets.
    package var host: String
    /// `nil` for the scheme's own.
    package var port: Int?
    package var style: Style
    package var credentials: S3Credentials

    /// For one attempt, besides the time that the body takes at `bytesPerSecondMin`.
    package var attemptTimeout: Duration = .seconds(30)
    package var bytesPerSecondMin = 256 << 10
    package var connectTimeout: Duration = .seconds(5)
    /// Silence after which an attempt has failed.
    package var idleTimeout: Duration = .seconds(60)
    package var retries = S3RetryPlan()
    /// Bodies larger than this go up in parts, in bytes.
    package var multipartThreshold = 64 << 20
    /// The least size of a part but the last, in bytes; the service's own minimum is 5 MiB.
    package var partBytes = 16 << 20
    /// Parts of one object that are sent at the same time.
    package var partsAtOnce = 4
    package var connectionsMax = 32

    /// - Throws: `S3ConfigurationError` if bucket, prefix or endpoint make no sense.
    package init(
        bucket: String,
        prefix: String = "",
        region: String = "us-east-1",
        endpoint: String? = nil,
        style: Style? = nil,
        credentials: S3Credentials
    ) throws(S3ConfigurationError) {
        guard (3...63).contains(bucket.utf8.count), bucket.utf8.allSatisfy(Self.isBucketByte) else {
            throw S3ConfigurationError(description: "'\(bucket)' is no name of a bucket")
        }
        guard !region.isEmpty, region.utf8.allSatisfy(Self.isBucketByte) else {
            throw S3ConfigurationError(description: "'\(region)' is no name of a region")
        }
        var prefix = prefix[...]
        while prefix.hasSuffix("/") { prefix.removeLast() }
        // Only whether it is one matters.
        if !prefix.isEmpty, (try? ObjectKey(String(prefix))) == nil {
            throw S3ConfigurationError(description: "'\(prefix)' is no prefix of keys")
        }
        self.bucket = bucket
        self.prefix = String(prefix)
        self.region = region
        self.credentials = credentials
        self.style = style ?? (endpoint == nil ? .virtualHost : .path)
        let url = endpoint ?? "https://s3.\(region).amazonaws.com"
        (isSecure, host, port) = try Self.endpoint(url)
    }

    private static func isBucketByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func endpoint(_ text: String) throws(S3ConfigurationError) -> (Bool, String, Int?) {
        let fault = S3ConfigurationError(description: "'\(text)' is no endpoint: http(s)://host or http(s)://host:port")
        guard let separator = text.firstRange(of: "://") else { throw fault }
        let scheme = text[..<separator.lowerBound]
        var rest = text[separator.upperBound...]
        if rest.hasSuffix("/") { rest.removeLast() }
        guard ["http", "https"].contains(scheme), !rest.isEmpty, !rest.contains(where: { "/@?#% ".contains($0) }) else {
            throw fault
        }
        let bracket = rest.hasPrefix("[") ? rest.firstIndex(of: "]") : nil
        let end = bracket.map { rest.index(after: $0) } ?? rest.firstIndex(of: ":")
        guard let end, end < rest.endIndex else { return (scheme == "https", rest.lowercased(), nil) }
        guard rest[end] == ":", let port = Int(rest[rest.index(after: end)...]), (1...65535).contains(port) else {
            throw fault
        }
        return (scheme == "https", rest[..<end].lowercased(), port)
    }
}

extension S3Configuration {
    /// Reads `s3://bucket/prefix`, with credentials, region and endpoint from the environment as AWS's tools name them:
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`.
    package init(url: String, environment: [String: String]) throws(S3ConfigurationError) {
        guard url.hasPrefix("s3://") else {
            throw S3ConfigurationError(description: "'\(url)' is not s3://bucket/prefix")
        }
        guard let credentials = S3Credentials(environment: environment) else {
            throw S3ConfigurationError(description: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set")
        }
        let parts = url.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        try self.init(
            bucket: String(parts[0]),
            prefix: parts.count > 1 ? String(parts[1]) : "",
            region: environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1",
            endpoint: environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"],
            credentials: credentials
        )
    }

    /// The `Host` of requests.
    var authority: String {
        let name = style == .virtualHost ? "\(bucket).\(host)" : host
        guard let port, port != (isSecure ? 443 : 80) else { return name }
        return "\(name):\(port)"
    }
}
