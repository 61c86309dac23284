package import HTTPTypes

extension RequestHead {
    /// The request as the slow path sees it; `bytes` are those that were parsed.
    ///
    /// Host becomes `authority` and is no field. `nil` never happens for a head that was parsed from these bytes.
    package func request(_ bytes: Span<UInt8>) -> HTTPRequest? {
        guard let method = HTTPRequest.Method(bytes.text(methodName)) else { return nil }
        var fields = HTTPFields()
        fields.reserveCapacity(self.fields.count)
        for line in self.fields {
            guard let field = HTTPField(bytes, line: line) else { return nil }
            if field.name.canonicalName == "host" { continue }
            fields.append(field)
        }
        let authority = host.isEmpty ? nil : bytes.text(host)
        let scheme = self.scheme.isEmpty ? "http" : bytes.text(self.scheme).lowercased()
        var path: String? = self.path.isEmpty ? "/" : bytes.text(self.path)
        if targetForm == .authority { path = nil }
        return HTTPRequest(method: method, scheme: scheme, authority: authority, path: path, headerFields: fields)
    }
}
