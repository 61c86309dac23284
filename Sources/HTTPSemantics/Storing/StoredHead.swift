package import HTTPTypes

/// The head of a stored response: status and fields, without what must not be stored (RFC 9111 section 3.1).
///
/// Left out are hop-by-hop fields, those named in `Connection`, those named by a qualified `no-cache` or `private`, and
/// `Age`, which is computed. `Date` is added where it is missing (RFC 9110 section 6.6.1). Everything else stays as it
/// came, bytes and order.
package struct StoredHead: Hashable, Sendable {
    package var status: HTTPResponse.Status
    package var fields: HTTPFields

    package init(status: HTTPResponse.Status, fields: HTTPFields) {
        self.status = status
        self.fields = fields
    }

    /// Takes what may be stored of a response that arrived at a time (milliseconds since 1970).
    package init(_ response: HTTPResponse, responseMilliseconds: Int64, settings: CachingSettings = CachingSettings()) {
        let control = EffectiveControl(fields: response.headerFields, settings: settings)
        let restricted = Set(control.directives.restrictedFields)
        var fields = HTTPFields()
        for field in HopByHop.removed(from: response.headerFields)
        where field.name != .age && !restricted.contains(field.name) {
            fields.append(field)
        }
        if !fields.contains(.date) {
            fields[.date] = HTTPDate(secondsSince1970: responseMilliseconds / 1_000).fieldValue
        }
        status = response.status
        self.fields = fields
    }

    /// The head to send, with its age in seconds (RFC 9111 section 4).
    package func response(ageSeconds: Int64) -> HTTPResponse {
        var response = HTTPResponse(status: status, headerFields: fields)
        response.headerFields[.age] = String(max(0, ageSeconds))
        return response
    }

    /// The entity tag; `nil` if there is none.
    package var tag: EntityTag? { fields[values: .eTag].first.map { EntityTag(quoted: $0) } }

    /// The value of `Last-Modified` in seconds since 1970; `nil` if there is none or it cannot be read.
    package var modifiedSeconds: Int64? { seconds(of: .lastModified) }

    /// The value of `Date` in seconds since 1970; `nil` if it cannot be read.
    package var dateSeconds: Int64? { seconds(of: .date) }

    private func seconds(of name: HTTPField.Name) -> Int64? {
        fields[values: name].first.flatMap { HTTPDate(fieldValue: $0) }?.secondsSince1970
    }
}
