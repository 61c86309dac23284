import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What the head of a source's response means for the fetch; pure.
enum RemoteResponse: Hashable {
    /// The body is the picture; `length` in bytes if declared.
    case picture(SourceFacts, length: Int?)
    case redirect(location: String)

    /// - Throws: what the status, the fields or the declared length make impossible.
    init(status: Int, headers: HTTPHeaders, bytesMax: Int, headerBytesMax: Int) throws(SourceError) {
        let headerBytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard headerBytes <= headerBytesMax else { throw .broken("the source sent too many header bytes") }
        switch status {
        case 200, 203: break
        case 301, 302, 303, 307, 308:
            guard let location = headers.first(name: "location") else { throw .refused(status: status) }
            self = .redirect(location: location)
            return
        case 404, 410: throw .notFound
        case 401, 403: throw .accessDenied
        default: throw .refused(status: status)
        }
        let codings = headers[canonicalForm: "content-encoding"].filter { $0.lowercased() != "identity" && !$0.isEmpty }
        guard codings.isEmpty else { throw .broken("the source sent a content encoding that was not asked for") }
        let length = try Self.length(headers[canonicalForm: "content-length"])
        if let length, length > bytesMax { throw .tooLarge(limit: bytesMax) }
        self = .picture(Self.facts(headers), length: length)
    }

    private static func length(_ values: [Substring]) throws(SourceError) -> Int? {
        guard let first = values.first else { return nil }
        guard values.allSatisfy({ $0 == first }), let length = Int(first), length >= 0 else {
            throw .broken("the source declares an impossible length")
        }
        return length
    }

    private static func facts(_ headers: HTTPHeaders) -> SourceFacts {
        let control = headers[canonicalForm: "cache-control"].joined(separator: ", ")
        return SourceFacts(
            mediaType: headers.first(name: "content-type"),
            entityTag: headers.first(name: "etag"),
            lastModified: headers.first(name: "last-modified"),
            cacheControl: control.isEmpty ? nil : control,
            expires: headers.first(name: "expires")
        )
    }
}
