package import HTTPTypes

/// The outcome of a request's preconditions against the current representation (RFC 9110 section 13.2.2).
package enum ConditionalRequest: Hashable, Sendable {
    case proceed
    case notModified
    case preconditionFailed

    /// Evaluates the preconditions of a GET or HEAD, as the origin does.
    ///
    /// `modified` is the time of the last change in seconds since 1970, when the representation has one.
    package init(fields: HTTPFields, tag: EntityTag?, modified: Int64? = nil) {
        if let value = fields[.ifMatch] {
            let matches = tag?.isListed(inIfMatch: value) ?? EntityTag.parseList(value).isWildcard
            if !matches {
                self = .preconditionFailed
                return
            }
        } else if let modified, let since = Self.date(fields, .ifUnmodifiedSince), modified > since {
            self = .preconditionFailed
            return
        }
        if let value = fields[.ifNoneMatch] {
            let matches = tag?.isListed(inIfNoneMatch: value) ?? EntityTag.parseList(value).isWildcard
            self = matches ? .notModified : .proceed
        } else if let modified, let since = Self.date(fields, .ifModifiedSince) {
            self = modified <= since ? .notModified : .proceed
        } else {
            self = .proceed
        }
    }

    /// Evaluates the preconditions a cache may evaluate, against a stored response (RFC 9111 section 4.3.2).
    ///
    /// Those are `If-None-Match`, else `If-Modified-Since`, which is compared with `Last-Modified`, else with `Date`.
    /// Only a stored 200 can be "not modified". The outcome is never ``preconditionFailed``.
    package init(fields: HTTPFields, stored head: StoredHead) {
        self = .proceed
        guard head.status.code == 200 else { return }
        if let value = fields[.ifNoneMatch] {
            let own = head.fields[values: .eTag].first
            let isSameText = own.map { $0 == value && EntityTag(quoted: $0).isComparable } ?? false
            let isListed = head.tag?.isListed(inIfNoneMatch: value) ?? EntityTag.parseList(value).isWildcard
            if isSameText || isListed { self = .notModified }
        } else if let modified = head.fields.contains(.lastModified) ? head.modifiedSeconds : head.dateSeconds,
            let since = Self.date(fields, .ifModifiedSince), modified <= since
        {
            self = .notModified
        }
    }

    /// Whether a range may be served: without `If-Range`, or when it still names this representation (section 13.1.5).
    package static func allowsRange(fields: HTTPFields, tag: EntityTag?, modified: Int64? = nil) -> Bool {
        guard let value = fields[.ifRange] else { return true }
        if value.hasPrefix("\"") {
            return tag.map { !$0.isWeak && $0.isComparable && value == $0.fieldValue } ?? false
        }
        guard let modified, let date = HTTPDate(fieldValue: value) else { return false }
        return date.secondsSince1970 == modified
    }

    /// The time in a field, in seconds since 1970; `nil` if the field is absent, repeated or unreadable, and then it
    /// is ignored (sections 13.1.3 and 13.1.4).
    private static func date(_ fields: HTTPFields, _ name: HTTPField.Name) -> Int64? {
        let lines = fields[values: name]
        return lines.count == 1 ? HTTPDate(fieldValue: lines[0])?.secondsSince1970 : nil
    }
}
