import AsyncHTTPClient
import Crypto
import NIOCore

/// The body of a request, which may have to be sent more than once.
enum S3Payload: Sendable {
    case empty
    case bytes(ByteBuffer)
    case file(FileRegion)

    var size: Int {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.readableBytes
        case .file(let region): region.range.count
        }
    }

    /// `nil` for no body at all.
    var requestBody: HTTPClientRequest.Body? {
        switch self {
        case .empty: nil
        case .bytes(let bytes): .bytes(bytes)
        case .file(let region): .stream(region.bytes, length: .known(Int64(region.range.count)))
        }
    }

    /// SHA-256 in hexadecimal digits.
    ///
    /// With TLS, which keeps them from being changed on the way, files are not read for it.
    @concurrent
    func hash(isSecure: Bool) async throws(ObjectStoreError) -> String {
        var hash = SHA256()
        switch self {
        case .empty: break
        case .bytes(let bytes): Self.update(&hash, bytes)
        case .file(let region):
            if isSecure { return SignatureV4.unsignedPayload }
            for try await piece in region.bytes { Self.update(&hash, piece) }
        }
        return SignatureV4.hex(hash.finalize())
    }

    private static func update(_ hash: inout SHA256, _ bytes: ByteBuffer) {
        var rest = bytes.readableBytesView[...]
        while !rest.isEmpty {
            hash.update(data: Array(rest.prefix(64 << 10)))
            rest = rest.dropFirst(64 << 10)
        }
    }
}
