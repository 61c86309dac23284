package import HTTPTypes

/// Fields that belong to one connection and not to the message (RFC 9110 section 7.6.1, RFC 9111 section 3.1).
package enum HopByHop {
    private static let always: Set<HTTPField.Name> = [
        .connection, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .upgrade, .proxyAuthenticate,
        .proxyAuthorization, .proxyAuthenticationInfo,
    ]

    /// Fields without which a message means something else: naming them in `Connection` has no effect.
    private static let kept: Set<HTTPField.Name> = [
        .contentLength, .contentType, .contentEncoding, .contentRange, .cacheControl, .cdnCacheControl, .date,
        .expires, .age, .eTag, .lastModified, .vary, .authorization, .range, .cdnLoop, .via,
    ]

    /// The names that `Connection` lists, those of ``kept`` left out.
    package static func nominated(by fields: HTTPFields) -> Set<HTTPField.Name> {
        var names: Set<HTTPField.Name> = []
        for member in FieldList.members(of: fields[values: .connection]) {
            if let name = HTTPField.Name(String(member)), !kept.contains(name) { names.insert(name) }
        }
        return names
    }

    /// The fields that travel on, in order.
    package static func removed(from fields: HTTPFields) -> HTTPFields {
        let nominated = nominated(by: fields)
        var result = HTTPFields()
        result.reserveCapacity(fields.count)
        for field in fields where !always.contains(field.name) && !nominated.contains(field.name) {
            result.append(field)
        }
        return result
    }
}
