/// Where a picture's bytes come from, as written in a URL.
package enum SourceReference: Hashable, Sendable, Codable {
    /// `original://<sha-256 in hex>`: an original stored by content.
    case original(ContentDigest)
    /// `http://…` or `https://…`: fetched, if its host is allowed.
    case remote(String)
    /// `local:///path`: a file below the configured folder; the path is relative and has no `.` or `..` segments.
    case local(String)
    /// `s3://bucket/key`.
    case object(bucket: String, key: String)
}

extension SourceReference {
    /// Compares bytes: to a file system or an object store, two Unicode spellings of an accented letter are two names.
    package static func == (first: SourceReference, second: SourceReference) -> Bool {
        first.text.utf8.elementsEqual(second.text.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(Array(text.utf8)) }
}
