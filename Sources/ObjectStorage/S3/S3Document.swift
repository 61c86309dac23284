import FoundationEssentials

/// What Vitrine reads out of an S3 service's XML answers.
enum S3Document {
    /// A page of ListObjectsV2.
    struct Listing: Equatable {
        struct Row: Equatable {
            var key = ""
            var size = 0
            var modified: Date?
            /// Without quotes.
            var entityTag = ""
        }

        var rows: [Row] = []
        var isTruncated = false
    }

    /// - Throws: If it is no listing, or one with a row that makes no sense.
    static func listing(_ bytes: [UInt8]) throws(XMLReader.Fault) -> Listing {
        var listing = Listing()
        var row = Listing.Row()
        var isEncoded = false
        var wrong: String?
        try walk(bytes) { path, text in
            switch path {
            case ["ListBucketResult", "EncodingType"]: isEncoded = text == "url"
            case ["ListBucketResult", "IsTruncated"]: listing.isTruncated = text == "true"
            case ["ListBucketResult", "Contents", "Key"]: row.key = text
            case ["ListBucketResult", "Contents", "Size"]:
                row.size = Int(text) ?? -1
                if row.size < 0 { wrong = "a size is no number" }
            case ["ListBucketResult", "Contents", "LastModified"]: row.modified = S3Time.parseListing(text)
            case ["ListBucketResult", "Contents", "ETag"]: row.entityTag = unquoted(text)
            case ["ListBucketResult", "Contents"]:
                listing.rows.append(row)
                row = Listing.Row()
            case ["ListBucketResult"]: break
            default: if path.count == 1 { wrong = "it is no listing" }
            }
        }
        if let wrong { throw XMLReader.Fault(reason: wrong, offset: 0) }
        // The answer tells whether keys are encoded only after it began to list them, or before: so at the end.
        guard isEncoded else { return listing }
        for index in listing.rows.indices {
            guard let key = decoded(listing.rows[index].key) else {
                throw XMLReader.Fault(reason: "a key is not encoded properly", offset: 0)
            }
            listing.rows[index].key = key
        }
        return listing
    }

    /// `Code` and `Message` of an error document; `nil` if it is none.
    static func failure(_ bytes: [UInt8]) -> (code: String, message: String)? {
        var code: String?
        var message = ""
        do throws(XMLReader.Fault) {
            try walk(bytes) { path, text in
                switch path {
                case ["Error", "Code"]: code = text
                case ["Error", "Message"]: message = text
                default: break
                }
            }
        } catch {
            return nil
        }
        return code.map { ($0, message) }
    }

    /// The text of an element below the outermost one; `nil` if there is none.
    static func value(_ name: String, below root: String, in bytes: [UInt8]) throws(XMLReader.Fault) -> String? {
        var value: String?
        try walk(bytes) { path, text in if path == [root, name] { value = text } }
        return value
    }

    static func unquoted(_ text: String) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
    }

    /// Calls `visit` at the end of every element with the names from the outermost to it and the text right inside it.
    private static func walk(
        _ bytes: [UInt8],
        _ visit: ([String], String) -> Void
    ) throws(XMLReader.Fault) {
        var reader = XMLReader(bytes)
        var path: [String] = []
        var texts: [String] = []
        while let event = try reader.next() {
            switch event {
            case .start(let name):
                path.append(name)
                texts.append("")
            case .text(let text): texts[texts.count - 1] += text
            case .end:
                visit(path, texts.removeLast())
                path.removeLast()
            }
        }
    }

    /// Undoes `encoding-type=url`, in which a space may be a `+`.
    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
