package import HTTPTypes

/// The outcome of a request's preconditions against the current representation (RFC 9110 section 13.2.2).
package enum ConditionalRequest: Equatable, Sendable {
    case proceed
    case notModified
    case preconditionFailed

    /// Evaluates the preconditions of a GET or HEAD.
    ///
    /// `modified` is the time of the last change in seconds since 1970, when the representation has one.
    package init(fields: HTTPFields, tag: EntityTag, modified: Int64? = nil) {
        if let value = fields[.ifMatch], !tag.isListed(inIfMatch: value) {
            self = .preconditionFailed
        } else if let value = fields[.ifNoneMatch] {
            self = tag.isListed(inIfNoneMatch: value) ? .notModified : .proceed
        } else if let modified, let value = fields[.ifModifiedSince], let since = HTTPDate(fieldValue: value) {
            self = modified <= since.secondsSince1970 ? .notModified : .proceed
        } else {
            self = .proceed
        }
    }

    /// Whether a range may be served: without `If-Range`, or when it still names this representation (section 13.1.5).
    package static func allowsRange(fields: HTTPFields, tag: EntityTag, modified: Int64? = nil) -> Bool {
        guard let value = fields[.ifRange] else { return true }
        if value.hasPrefix("\"") { return !tag.isWeak && value == tag.fieldValue }
        guard let modified, let date = HTTPDate(fieldValue: value) else { return false }
        return date.secondsSince1970 == modified
    }
}
