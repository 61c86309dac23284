import NIOHTTP1

/// A request to a bucket before it is signed; may be sent several times.
struct S3Request: Sendable {
    var method: HTTPMethod
    /// `nil` for the bucket itself.
    var key: ObjectKey?
    /// Not encoded.
    var query: [SignatureV4.Pair] = []
    /// Further fields, all of which are signed.
    var fields: [SignatureV4.Pair] = []
    var payload: S3Payload = .empty
}
