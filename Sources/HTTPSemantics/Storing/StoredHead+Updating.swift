package import HTTPTypes

extension StoredHead {
    /// Fields that describe the stored bytes; they stay as they are, or the bytes would be misread (RFC 9111
    /// section 3.2).
    private static let fixed: Set<HTTPField.Name> = [.contentLength, .contentEncoding, .contentRange]

    /// Whether a 304 speaks of this response (RFC 9111 section 4.3.4).
    ///
    /// A strong validator in it must be this response's; a weak one must be this response's too; without any it
    /// answers our own conditional request.
    package func isConfirmed(by notModified: HTTPResponse) -> Bool {
        if let line = notModified.headerFields[values: .eTag].first, let own = fields[values: .eTag].first {
            let tag = EntityTag(quoted: line)
            return line == own || (tag.isWeak && tag.opaque == EntityTag(quoted: own).opaque)
        }
        if let line = notModified.headerFields[values: .lastModified].first,
            let own = fields[values: .lastModified].first
        {
            return line == own || HTTPDate(fieldValue: line) == HTTPDate(fieldValue: own)
        }
        return true
    }

    /// The head with the fields of a 304 or of a HEAD's response in place of its own (RFC 9111 section 3.2).
    package func updated(
        by response: HTTPResponse,
        responseMilliseconds: Int64,
        settings: CachingSettings = CachingSettings()
    ) -> StoredHead {
        let newer = StoredHead(response, responseMilliseconds: responseMilliseconds, settings: settings)
        var result = self
        var replaced: Set<HTTPField.Name> = []
        for field in newer.fields where !Self.fixed.contains(field.name) {
            if replaced.insert(field.name).inserted { result.fields[field.name] = nil }
            result.fields.append(field)
        }
        // Once more, for the update may restrict fields that were stored before.
        let merged = HTTPResponse(status: status, headerFields: result.fields)
        return StoredHead(merged, responseMilliseconds: responseMilliseconds, settings: settings)
    }
}
