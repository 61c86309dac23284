import FoundationEssentials
import ObjectStorage
import Testing

@Suite("Signature version 4")
struct SignatureTests {
    struct Vector: Codable, Sendable, CustomTestStringConvertible {
        let name: String
        let accessKey: String
        let secretKey: String
        let sessionToken: String?
        let service: String
        let seconds: Double
        let method: String
        let path: String
        let query: [[String]]
        let fields: [[String]]
        let payloadHash: String
        let signature: String

        var testDescription: String { name }
    }

    private struct Golden: Codable {
        let about: String
        let vectors: [Vector]
    }

    private static func vectors() throws -> [Vector] {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(tests)/Goldens/s3-signatures.json"))
        return try JSONDecoder().decode(Golden.self, from: data).vectors
    }

    @Test("gives the signatures that AWS publishes")
    func published() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count == 13)
        for vector in vectors {
            let credentials = S3Credentials(
                accessKey: vector.accessKey,
                secretKey: vector.secretKey,
                sessionToken: vector.sessionToken
            )
            let signature = SignatureV4(credentials: credentials, region: "us-east-1", service: vector.service)
            let added = signature.fields(
                method: vector.method,
                path: vector.path,
                query: vector.query.map { ($0[0], $0[1]) },
                fields: vector.fields.map { ($0[0], $0[1]) },
                payloadHash: vector.payloadHash,
                date: Date(timeIntervalSince1970: vector.seconds)
            )
            let value = added.last?.value ?? ""
            #expect(value.hasSuffix("Signature=\(vector.signature)"), "\(vector.name)")
            #expect(added.contains { $0.name == "x-amz-security-token" } == (vector.sessionToken != nil))
        }
    }

    @Test(
        "stamps the time to the second",
        arguments: [
            (0.0, "19700101T000000Z"), (951_782_399.9, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
            (1_709_164_800, "20240229T000000Z"), (1_735_689_599, "20241231T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
        ]
    )
    func stamps(seconds: Double, stamp: String) {
        let signature = SignatureV4(credentials: S3Credentials(accessKey: "a", secretKey: "b"), region: "r")
        let date = Date(timeIntervalSince1970: seconds)
        let added = signature.fields(method: "GET", path: "/", query: [], fields: [], payloadHash: "", date: date)
        #expect(added.first?.value == stamp)
    }

    @Test("credentials show no secret, however they are printed")
    func redacted() throws {
        let credentials = S3Credentials(accessKey: "NAME", secretKey: "SECRET", sessionToken: "TOKEN")
        let configuration = try S3Configuration(bucket: "abc", credentials: credentials)
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), "\(configuration)", dumped] {
            #expect(text.contains("NAME"))
            #expect(!text.contains("SECRET") && !text.contains("TOKEN"))
        }
    }
}
