package import HTTPTypes

/// Which request fields select among the responses stored for a URI (RFC 9111 section 4.1, RFC 9110 section 12.5.5).
package enum VaryRule: Hashable, Sendable {
    /// No `Vary`: one response for all.
    case none
    /// `Vary: *`, or something unreadable: never matches.
    case any
    /// Names in lower case, sorted, without repetition; never empty.
    case fields([HTTPField.Name])

    /// Reads the `Vary` lines of a response; empty members and odd spaces do no harm.
    package init(fields: HTTPFields) {
        var names: Set<HTTPField.Name> = []
        for member in FieldList.members(of: fields[values: .vary]) {
            guard member != "*", let name = HTTPField.Name(String(member)) else {
                self = .any
                return
            }
            names.insert(name)
        }
        let sorted = names.sorted { $0.canonicalName < $1.canonicalName }
        self = sorted.isEmpty ? .none : .fields(sorted.compactMap { HTTPField.Name($0.canonicalName) })
    }

    /// The text that names the rule itself, such as `accept,accept-language`; empty for `.none`, `*` for `.any`.
    package var text: String {
        switch self {
        case .none: ""
        case .any: "*"
        case .fields(let names): names.map(\.canonicalName).joined(separator: ",")
        }
    }
}
