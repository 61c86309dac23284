package import HTTPTypes

extension VaryRule {
    /// The secondary keys to look a request up by, best first; empty for `.any`, one empty text for `.none`.
    ///
    /// Two requests have the same first key exactly if their selecting fields match after normalisation: lines are
    /// joined, spaces around commas removed; for the `Accept…` fields letter case, order and spaces don't count. A
    /// second key, if any, finds a response in the language that the request likes best, see
    /// ``storageKeys(for:response:)``.
    package func lookupKeys(for request: HTTPRequest) -> [String] {
        guard case .fields(let names) = self else { return self == .none ? [""] : [] }
        let exact = key(names, request) { SelectingField.normalised($0, in: request.headerFields) }
        guard names.contains(.acceptLanguage),
            let language = SelectingField.favourite(of: .acceptLanguage, in: request.headerFields)
        else { return [exact] }
        return [exact, languageKey(names, request, language)]
    }

    /// The secondary keys to store a response under: the request's own, and one for its `Content-Language` where the
    /// response varies by `Accept-Language`, so that requests that like this language best find it.
    package func storageKeys(for request: HTTPRequest, response: HTTPResponse) -> [String] {
        guard case .fields(let names) = self else { return self == .none ? [""] : [] }
        let exact = key(names, request) { SelectingField.normalised($0, in: request.headerFields) }
        let languages = FieldList.members(of: response.headerFields[values: .contentLanguage])
        guard names.contains(.acceptLanguage), languages.count == 1 else { return [exact] }
        return [exact, languageKey(names, request, languages[0].lowercased())]
    }

    private func languageKey(_ names: [HTTPField.Name], _ request: HTTPRequest, _ language: String) -> String {
        key(names, request) {
            $0 == .acceptLanguage ? "=" + language : SelectingField.normalised($0, in: request.headerFields)
        }
    }

    /// One line per field: its name, a colon and the value, or the name alone if the request has no such field.
    private func key(
        _ names: [HTTPField.Name],
        _ request: HTTPRequest,
        _ value: (HTTPField.Name) -> String?
    ) -> String {
        names.map { name in value(name).map { "\(name.canonicalName):\($0)" } ?? name.canonicalName }
            .joined(separator: "\n")
    }
}
