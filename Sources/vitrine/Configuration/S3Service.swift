import FoundationEssentials
import ObjectStorage

/// An S3 service and the credentials for it, without a bucket.
struct S3Service: Sendable, Equatable {
    var endpoint: String?
    var region: String
    var accessKey: String
    var secretKey: String
    /// `nil` takes what suits the endpoint.
    var usesPathStyle: Bool?

    /// `nil` where no credentials are configured.
    init?(reading reader: inout ParameterReader) {
        guard let accessKey = reader.text("s3-access-key"), let secretKey = reader.text("s3-secret-key") else {
            return nil
        }
        self.accessKey = accessKey
        self.secretKey = secretKey
        endpoint = reader.text("s3-endpoint")
        region = reader.text("s3-region") ?? "us-east-1"
        usesPathStyle = reader.text("s3-path-style") == nil ? nil : reader.switched("s3-path-style")
    }

    /// Connects when it is first used.
    ///
    /// - Throws: `ConfigurationError` if bucket, prefix or endpoint make no sense.
    func store(bucket: String, prefix: String = "") throws(ConfigurationError) -> S3ObjectStore {
        do throws(S3ConfigurationError) {
            let configuration = try S3Configuration(
                bucket: bucket,
                prefix: prefix,
                region: region,
                endpoint: endpoint,
                style: usesPathStyle.map { $0 ? .path : .virtualHost },
                credentials: S3Credentials(accessKey: accessKey, secretKey: secretKey)
            )
            return S3ObjectStore(
                configuration: configuration,
                now: { Date() },
                random: { UInt64.random(in: 0...UInt64.max) }
            )
        } catch {
            throw ConfigurationError(problems: ["the S3 store cannot be used: \(error)"])
        }
    }
}
