package import HTTPTypes

/// An error answer in the form of RFC 9457 (`application/problem+json`).
///
/// `type` is stable and documented in docs/operations/problems.md: `https://vitrine.invalid/problems/<slug>`.
package struct ProblemDocument: Error, Equatable, Sendable {
    /// Names the kind of problem; clients switch on it.
    package var slug: String
    package var status: HTTPResponse.Status
    package var title: String
    /// What was wrong with this request and what to do about it; safe to show.
    package var detail: String
    /// The URL option at fault, when there is one.
    package var option: String?
    /// Seconds for `Retry-After`; `nil` leaves the field out.
    package var retryAfterSeconds: Int?

    package init(
        _ slug: String,
        status: HTTPResponse.Status,
        title: String,
        detail: String,
        option: String? = nil,
        retryAfterSeconds: Int? = nil
    ) {
        self.slug = slug
        self.status = status
        self.title = title
        self.detail = detail
        self.option = option
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The document as JSON text.
    package var json: String {
        var text = "{\"type\":" + JSONText.quoted("https://vitrine.invalid/problems/" + slug)
        text += ",\"title\":" + JSONText.quoted(title)
        text += ",\"status\":\(status.code)"
        text += ",\"detail\":" + JSONText.quoted(detail)
        if let option { text += ",\"option\":" + JSONText.quoted(option) }
        return text + "}\n"
    }

    /// The header fields of the answer.
    package var fields: HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        if let retryAfterSeconds { fields[.retryAfter] = String(max(1, retryAfterSeconds)) }
        if status == .unauthorized { fields[.wwwAuthenticate] = "Bearer realm=\"vitrine\"" }
        return fields
    }
}
