import ObjectStorage
import Testing

@Suite("S3 settings")
struct S3ConfigurationTests {
    private static let keys = ["AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"]

    @Test("a URL and the environment of AWS's tools say all")
    func environment() throws {
        var environment = Self.keys
        environment["AWS_REGION"] = "eu-west-1"
        let cloud = try S3Configuration(url: "s3://pictures/a/b/", environment: environment)
        #expect(cloud.bucket == "pictures" && cloud.prefix == "a/b" && cloud.region == "eu-west-1")
        #expect(cloud.isSecure && cloud.host == "s3.eu-west-1.amazonaws.com" && cloud.port == nil)
        #expect(cloud.style == .virtualHost)
        environment["AWS_ENDPOINT_URL"] = "http://Minio.local:9000/"
        let own = try S3Configuration(url: "s3://pictures", environment: environment)
        #expect(!own.isSecure && own.host == "minio.local" && own.port == 9000)
        #expect(own.style == .path && own.prefix.isEmpty)
        environment["AWS_ENDPOINT_URL_S3"] = "http://[::1]:9000"
        #expect(try S3Configuration(url: "s3://pictures", environment: environment).host == "[::1]")
    }

    @Test(
        "what makes no sense is refused",
        arguments: ["", "s3://", "s3://a", "s3://Pictures", "s3://a_b", "file:x", "s3://abc/../d", "s3://abc/a//b"]
    )
    func refusedURLs(url: String) {
        #expect(throws: S3ConfigurationError.self) { try S3Configuration(url: url, environment: Self.keys) }
    }

    @Test(
        "an endpoint is scheme, host and port only",
        arguments: [
            "minio", "ftp://a", "http://", "http://a/b", "http://u@a", "http://a:0", "http://a:x", "http://[::1]x",
        ]
    )
    func refusedEndpoints(endpoint: String) {
        let environment = Self.keys.merging(["AWS_ENDPOINT_URL": endpoint]) { $1 }
        #expect(throws: S3ConfigurationError.self) { try S3Configuration(url: "s3://abc", environment: environment) }
    }

    @Test("without credentials there is no store")
    func credentials() {
        for missing in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            let environment = Self.keys.merging([missing: ""]) { $1 }
            #expect(throws: S3ConfigurationError.self) {
                try S3Configuration(url: "s3://abc", environment: environment)
            }
        }
    }

    @Test("delays grow up to a limit, and end with the attempts or the span")
    func retries() {
        let plan = S3RetryPlan(attemptsMax: 4, delay: .seconds(1), delayMax: .seconds(3), span: .seconds(10))
        let most = UInt64.max
        let delays = (1...4).map { plan.delay(afterAttempt: $0, elapsed: .zero, random: most) }
        #expect(delays.map { $0.map { Int(($0 / .seconds(1)).rounded()) } } == [1, 2, 3, nil])
        #expect(plan.delay(afterAttempt: 1, elapsed: .zero, random: 0) == .zero)
        #expect(plan.delay(afterAttempt: 1, elapsed: .seconds(9.5), random: most) == nil)
        #expect(plan.delay(afterAttempt: 1, elapsed: .seconds(9.5), random: 0) == .zero)
    }

    @Test(
        "only what may go away is repeated",
        arguments: [
            (500, "", true), (502, "", true), (503, "SlowDown", true), (504, "", true), (429, "", true),
            (408, "", true),
            (400, "RequestTimeout", true), (400, "InvalidArgument", false), (409, "ConditionalRequestConflict", true),
            (409, "BucketNotEmpty", false), (403, "AccessDenied", false), (404, "NoSuchKey", false), (412, "", false),
            (501, "NotImplemented", false), (301, "PermanentRedirect", false),
        ]
    )
    func retryTable(status: Int, code: String, isRetryable: Bool) {
        #expect(S3RetryPlan.isRetryable(status: status, code: code) == isRetryable)
    }
}
